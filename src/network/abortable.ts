import { Observable, from } from 'rxjs'
import type { ObservableInput } from 'rxjs'

/**
 * What is started on subscription, with a signal that aborts when it is unsubscribed: it is ended,
 * rather than left to run until its next result is ignored.
 */
export const abortable = <T>(start: (signal: AbortSignal) => ObservableInput<T>): Observable<T> =>
  new Observable((subscriber) => {
    const controller = new AbortController()
    subscriber.add(() => controller.abort())
    from(start(controller.signal)).subscribe(subscriber)
  })
