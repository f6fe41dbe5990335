import { Observable } from 'rxjs'
import { isPromise } from './is-promise.ts'

/** Turns one call of a store into a cold Observable of its one value. */
export type Operations = <T>(
  call: () => T | PromiseLike<T>,
  failure: (cause: unknown) => Error,
) => Observable<T>

/**
 * Lets at most `limit` asynchronous calls run at the same time; further ones wait their turn, so
 * that a hundred thousand wants do not open a hundred thousand files. A call that returns a plain
 * value costs nothing here and is answered synchronously. Unsubscribing leaves the queue.
 */
export const boundedOperations = (limit: number): Operations => {
  let running = 0
  let first: Waiting | undefined
  let last: Waiting | undefined

  const wait = (start: () => void): void => {
    const waiting: Waiting = { start, next: undefined }
    if (last === undefined) first = waiting
    else last.next = waiting
    last = waiting
  }

  const release = (): void => {
    running--
    while (running < limit && first !== undefined) {
      const { start, next } = first
      first = next
      if (next === undefined) last = undefined
      start()
    }
  }

  return (call, failure) => new Observable((subscriber) => {
    const start = (): void => {
      if (subscriber.closed) return
      try {
        const result = call()
        if (isPromise(result)) return later(result)
        subscriber.next(result)
        subscriber.complete()
      } catch (cause) {
        subscriber.error(failure(cause))
      }
    }
    const later = (result: PromiseLike<Parameters<typeof subscriber.next>[0]>): void => {
      running++
      result.then((value) => {
        release()
        subscriber.next(value)
        subscriber.complete()
      }, (cause: unknown) => {
        release()
        subscriber.error(failure(cause))
      })
    }
    if (running < limit) start()
    else wait(start)
  })
}

interface Waiting {
  readonly start: () => void
  next: Waiting | undefined
}
