import { Observable, type ObservableInput, type OperatorFunction, type Subscriber } from 'rxjs'
import { subscribeWithin } from './subscribe-within.ts'

/** How arrivals are kept while a projection runs. `B` is the batch that `project` gets. */
export interface Buffer<T, B> {
  /** A new, empty batch. */
  readonly seed: () => B
  /** The batch with one more arrival; may change and return the one it is given. */
  readonly merge: (batch: B, arrival: T) => B
  /** An empty batch is never projected. */
  readonly isEmpty: (batch: B) => boolean
}

/**
 * Projects at once while idle; buffers what arrives during a projection and projects that, in one
 * batch, as soon as the projection is over. Never two projections at a time.
 *
 * ```
 * source:  a----b-c--------d--|
 * project: [a]---|
 *                 [b,c]---|
 *                          [d]---|
 * result:  -----A--------BC-----D|
 * ```
 *
 * It is `exhaustMap` that loses nothing, and `buffer` that waits for nothing. With a `Buffer`,
 * arrivals are merged as they come, so that a batch may be a map whose entries replace or undo each
 * other; a batch that has become empty is not projected.
 *
 * - A projection is over once its teardown is done: what it held is free again for the next one.
 * - A projection that is an array is emitted as it is, without a subscription.
 * - Arrivals from inside a projection (re-entrancy) belong to the next batch. Synchronous
 *   projections run in a loop, not on each other's stack: any number may follow one another.
 * - Completes when the source has and the last batch is projected.
 * - An error of the source, of a projection or of the buffer is the result's error at once; the
 *   batch that waited is dropped. To outlive a projection, catch inside `project`.
 * - Unsubscribing ends the source and the projection, and drops the batch that waited.
 */
export function bufferExhaustMap<T, R> (
  project: (batch: T[]) => ObservableInput<R>,
): OperatorFunction<T, R>
export function bufferExhaustMap<T, B, R> (
  project: (batch: B) => ObservableInput<R>,
  buffer: Buffer<T, B>,
): OperatorFunction<T, R>
export function bufferExhaustMap<T, R> (
  project: (batch: T[]) => ObservableInput<R>,
  buffer: Buffer<T, T[]> = intoArray<T>(),
): OperatorFunction<T, R> {
  return (source$) => new Observable((subscriber) => run(source$, subscriber, project, buffer))
}

const intoArray = <T>(): Buffer<T, T[]> => ({
  seed: () => [],
  merge: (batch, arrival) => {
    batch.push(arrival)
    return batch
  },
  isEmpty: (batch) => batch.length === 0,
})

const run = <T, B, R>(
  source$: Observable<T>,
  subscriber: Subscriber<R>,
  project: (batch: B) => ObservableInput<R>,
  { seed, merge, isEmpty }: Buffer<T, B>,
): void => {
  let waiting = seed()
  let projecting = false
  let draining = false
  let sourceEnded = false

  const projection = { next: (result: R) => subscriber.next(result) }
  const projected = (): void => {
    projecting = false
    drain()
  }
  // What is known already needs no subscription, which costs more than most of what is projected.
  const emit = (results: readonly R[]): void => {
    results.forEach(projection.next)
    projecting = false
  }
  // A projection that ends synchronously comes back here while the loop is on the stack: the loop,
  // not a nested call, goes on with what waits.
  const drain = (): void => {
    if (draining) return
    draining = true
    try {
      while (!projecting && !subscriber.closed && !isEmpty(waiting)) {
        const batch = waiting
        waiting = seed()
        projecting = true
        const results = project(batch)
        if (Array.isArray(results)) emit(results)
        else subscribeWithin(subscriber, () => results, projection, projected)
      }
    } catch (error) {
      subscriber.error(error)
    }
    draining = false
    if (sourceEnded && !projecting) subscriber.complete()
  }
  const arrive = (arrival: T): void => {
    try {
      waiting = merge(waiting, arrival)
    } catch (error) {
      subscriber.error(error)
    }
    drain()
  }
  subscribeWithin(subscriber, () => source$, {
    next: arrive,
    complete: () => {
      sourceEnded = true
      drain()
    },
  })
}
