import { Observable } from 'rxjs'
import { subscribeWithin } from '../operators/subscribe-within.ts'
import type { Clock } from '../ports.ts'

/**
 * One signal for all that comes in one run of code, when that run is over: a message of a thousand
 * blocks changes the counters once. Completes with its source, after a last signal if one is due;
 * errors only if its source does.
 */
export const settled = ({ soon }: Pick<Clock, 'soon'>) =>
  (source$: Observable<unknown>): Observable<void> =>
    new Observable((subscriber) => {
      let due = false
      const signal = (): void => {
        if (!due) return
        due = false
        subscriber.next()
      }
      subscribeWithin(subscriber, () => source$, {
        next: () => {
          if (!due) soon(signal)
          due = true
        },
        complete: () => {
          signal()
          subscriber.complete()
        },
      })
    })
