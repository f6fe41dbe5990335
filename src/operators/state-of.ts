import { Observable } from 'rxjs'
import { subscribeWithin } from './subscribe-within.ts'

/**
 * State as a stream: the current value first, synchronously, then every value that differs from the
 * one before.
 *
 * ```
 * change$: ---x----x--x----|
 * read:    0--1----1--2
 * result:  0--1-------2----|
 * ```
 *
 * Cold: `read` runs for each subscriber, once at first and once per change, never while nobody
 * listens. Changes that come while a value is being delivered are read together. Completes with
 * `change$`, errors only if `change$` or `read` does; unsubscribing unsubscribes from `change$`.
 */
export const stateOf = <T>(
  read: () => T,
  change$: Observable<unknown>,
  equals: (a: T, b: T) => boolean = Object.is,
): Observable<T> =>
  new Observable((subscriber) => {
    let changed = true
    let ended = false
    let reading = false
    let last: { readonly value: T } | undefined

    const update = (): void => {
      if (reading) return
      reading = true
      try {
        while (changed) {
          changed = false
          const value = read()
          if (last !== undefined && equals(last.value, value)) continue
          last = { value }
          subscriber.next(value)
        }
      } catch (error) {
        subscriber.error(error)
      }
      reading = false
      if (ended) subscriber.complete()
    }
    subscribeWithin(subscriber, () => change$, {
      next: () => {
        changed = true
        update()
      },
      complete: () => {
        ended = true
        update()
      },
    })
    // Only now that changes are heard: none between the first read and the first change is missed.
    update()
  })
