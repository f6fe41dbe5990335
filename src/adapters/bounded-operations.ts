import { catchError, from, Observable } from 'rxjs'
import { type NowOrLater, observed } from '../operators/now-or-later.ts'
import { isPromise } from './is-promise.ts'

/** Makes a call of a store one that gives its value now or later, or such an error. */
export type Operations = <A extends unknown[], T>(
  call: (...args: A) => T | PromiseLike<T>,
  failure: (cause: unknown, ...args: A) => Error,
) => (...args: A) => NowOrLater<T>

/**
 * Lets at most `limit` asynchronous calls run at the same time; further ones wait their turn, so
 * that a hundred thousand wants do not open a hundred thousand files. A call that returns a plain
 * value costs nothing here. Unsubscribing leaves the queue.
 */
export const boundedOperations = (limit: number): Operations => {
  let running = 0
  /** By their numbers: either end costs the same however many wait. */
  const waiting = new Map<number, () => void>()
  let first = 0

  const release = (): void => {
    running--
    while (running < limit && waiting.size > 0) {
      const start = waiting.get(first)!
      waiting.delete(first++)
      start()
    }
  }

  const starting: Operations = (call, failure) => (...args) => {
    try {
      const result = call(...args)
      if (!isPromise(result)) return result
      running++
      result.then(release, release)
      return from(result).pipe(catchError((cause: unknown) => {
        throw failure(cause, ...args)
      }))
    } catch (cause) {
      throw failure(cause, ...args)
    }
  }

  return (call, failure) => {
    const start = starting(call, failure)
    return (...args) => running < limit
      ? start(...args)
      : new Observable((subscriber) => {
        waiting.set(first + waiting.size, () => {
          if (!subscriber.closed) observed(() => start(...args)).subscribe(subscriber)
        })
      })
  }
}
