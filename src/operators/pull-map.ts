import { Observable, type ObservableInput, type Subscriber } from 'rxjs'
import { feedOf } from './feed.ts'
import { anyOrder, inOrder, type Turn } from './turns.ts'
import { subscribeWithin } from './subscribe-within.ts'

export interface PullMapOptions {
  /** Projections at the same time, at least 1. */
  readonly concurrency: number
  /** Emit in the order of the input. Default `false`: as results come. */
  readonly ordered?: boolean
  /** Values of an input that pushes (an Observable, a promise) that may wait for the window. */
  readonly maxWaiting: number
  /** The error that ends the result when one more would have to wait. */
  readonly overflow: () => unknown
}

/**
 * `mergeMap` that takes a value from its input only when there is room for it.
 *
 * ```
 * input:       a, b, c
 * project(a):  ------A|
 * project(b):  --B|
 * project(c):     --C|             concurrency 2: c is pulled when b is over
 *
 * result:      --B--CA|
 *
 * project(c):         --C|         ordered: b is over when B is out
 * result:      ------AB-C|
 * ```
 *
 * Cold. Arrays, iterables and async iterables are pulled: they may be endless, and get a `return()`
 * when the result ends before them. Anything else pushes; its values wait, `maxWaiting` at most.
 * With `ordered`, a result that is early waits and keeps its place in the window: no more than
 * `concurrency` projections have results that wait.
 *
 * - Synchronous projections run in a loop, not on each other's stack.
 * - Completes when the input has ended and every projection is over.
 * - The first error, of the input or a projection, is the result's error and ends all the others.
 * - Unsubscribing ends the input and every projection.
 */
export const pullMap = <T, R>(
  input: ObservableInput<T>,
  project: (value: T) => ObservableInput<R>,
  options: PullMapOptions,
): Observable<R> => {
  return pullEach(input, (subscriber) => (value, { next, end }) => {
    subscribeWithin(subscriber, () => project(value), { next }, end)
  }, options)
}

/** Begins what is to be done for a value; its turn hears of the results and of the end. */
export type Start<T, R> = (value: T, turn: Turn<R>) => void

/**
 * `pullMap` for projections that need no Observable each. `starting` is called for each subscriber;
 * to end what has been started when the subscriber leaves is its concern.
 */
export const pullEach = <T, R>(
  input: ObservableInput<T>,
  starting: (subscriber: Subscriber<R>) => Start<T, R>,
  options: PullMapOptions,
): Observable<R> => {
  const { concurrency } = options
  if (!(concurrency >= 1)) {
    throw new RangeError(`concurrency must be at least 1, not ${concurrency}`)
  }
  return new Observable((subscriber) => run(subscriber, input, starting(subscriber), options))
}

const run = <T, R>(
  subscriber: Subscriber<R>,
  input: ObservableInput<T>,
  start: Start<T, R>,
  { concurrency, ordered = false, maxWaiting, overflow }: PullMapOptions,
): void => {
  let running = 0
  let pulling = false
  let inputEnded = false

  // What ends synchronously comes back here while the loop is on the stack: the loop goes on.
  const pull = (): void => {
    if (pulling) return
    pulling = true
    while (running < concurrency && !inputEnded && !subscriber.closed) {
      const taken = feed.take()
      if (taken === undefined) break
      if (taken.done === true) {
        inputEnded = true
        break
      }
      running += 1
      try {
        start(taken.value, turn())
      } catch (error) {
        subscriber.error(error)
      }
    }
    pulling = false
    if (inputEnded && running === 0) subscriber.complete()
  }
  const release = (): void => {
    running -= 1
    pull()
  }
  const turn = (ordered ? inOrder : anyOrder)<R>((result) => subscriber.next(result), release)
  const feed = feedOf(input, { owner: subscriber, wake: pull, maxWaiting, overflow })
  feed.open()
}
