import { Observable } from 'rxjs'

/**
 * Emits once, `delayMs` after it is subscribed to, and completes: `timer` on a clock that is handed
 * in. Cold; unsubscribing stops the timer.
 */
export const after = (
  clock: { readonly after: (delayMs: number, task: () => void) => () => void },
  delayMs: number,
): Observable<void> =>
  new Observable((subscriber) => clock.after(delayMs, () => {
    subscriber.next()
    subscriber.complete()
  }))
