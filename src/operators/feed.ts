import { defer, EMPTY, isObservable, type ObservableInput, type Subscriber, take } from 'rxjs'
import { subscribeWithin } from './subscribe-within.ts'

/** The values of an input, taken one at a time. */
export interface Feed<T> {
  /** Called once, before the first `take`. Leads to `wake`. */
  readonly open: () => void
  /** The next value or the end; `undefined` while there is neither: a `wake` tells when to ask. */
  readonly take: () => IteratorResult<T, unknown> | undefined
}

export interface FeedDeps {
  /** Gets the input's error; its end closes the input. */
  readonly owner: Subscriber<unknown>
  readonly wake: () => void
  readonly maxWaiting: number
  readonly overflow: () => unknown
}

/** Pulls where the input can be pulled, otherwise keeps what it pushes. */
export const feedOf = <T>(input: ObservableInput<T>, deps: FeedDeps): Feed<T> => {
  if (isObservable(input)) return pushed(input, deps)
  if (isAsyncIterable(input)) return pulledLater(input[Symbol.asyncIterator](), deps)
  if (isIterable(input)) return pulled(input[Symbol.iterator](), deps)
  return pushed(input, deps)
}

const isAsyncIterable = <T>(input: ObservableInput<T>): input is AsyncIterable<T> =>
  Symbol.asyncIterator in Object(input)

const isIterable = <T>(input: ObservableInput<T>): input is Iterable<T> =>
  Symbol.iterator in Object(input)

const pulled = <T>(iterator: Iterator<T>, { owner, wake }: FeedDeps): Feed<T> => {
  let advancing = false
  let ended = false
  const close = (): void => {
    // A generator that runs cannot be ended: it is as soon as it has yielded.
    if (ended || advancing) return
    ended = true
    iterator.return?.()
  }
  owner.add(close)
  return {
    open: wake,
    take: () => {
      try {
        advancing = true
        const result = iterator.next()
        advancing = false
        ended = result.done === true
        if (!owner.closed) return result
        close()
        return undefined
      } catch (error) {
        ended = true
        owner.error(error)
        return undefined
      }
    },
  }
}

const pulledLater = <T>(iterator: AsyncIterator<T>, { owner, wake }: FeedDeps): Feed<T> => {
  let asked = false
  let ended = false
  let ready: IteratorResult<T, unknown> | undefined

  owner.add(() => {
    if (ended) return
    // Nobody is left to hear of a failing `return`.
    defer(() => iterator.return?.() ?? EMPTY).pipe(take(1)).subscribe({ error: () => {} })
  })
  const ask = (): void => {
    asked = true
    subscribeWithin(owner, () => iterator.next(), {
      next: (result) => {
        asked = false
        ready = result
        ended = result.done === true
        wake()
      },
      error: (error) => {
        ended = true
        owner.error(error)
      },
    })
  }
  return {
    open: wake,
    take: () => {
      const result = ready
      ready = undefined
      if (result === undefined && !asked) ask()
      return result
    },
  }
}

const pushed = <T>(
  input: ObservableInput<T>,
  { owner, wake, maxWaiting, overflow }: FeedDeps,
): Feed<T> => {
  // By their numbers: either end costs the same however many wait.
  const waiting = new Map<number, T>()
  let first = 0
  let ended = false
  return {
    open: () => subscribeWithin(owner, () => input, {
      next: (value) => {
        waiting.set(first + waiting.size, value)
        wake()
        if (waiting.size > maxWaiting) owner.error(overflow())
      },
      complete: () => {
        ended = true
        wake()
      },
    }),
    take: () => {
      if (waiting.size === 0) return ended ? { done: true, value: undefined } : undefined
      const value = waiting.get(first) as T
      waiting.delete(first++)
      return { done: false, value }
    },
  }
}
