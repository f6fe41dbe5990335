import { Observable, type Subscriber } from 'rxjs'

/** An event source and the functions that feed it. */
export interface Trampoline<T> {
  /** Delivers an event; from inside a delivery, after all events that came before it. */
  readonly next: (event: T) => void
  /** Ends the source after the events that came before; whatever comes later is ignored. */
  readonly complete: () => void
  /** Hot, no replay. Never errors; completes with `complete`, at once for whoever comes after. */
  readonly event$: Observable<T>
}

/**
 * An event source that keeps its order under re-entrancy: an event sent while another one is being
 * delivered waits until every subscriber has that one. A `Subject` nests the deliveries instead.
 *
 * ```
 * next:          A            (subscriber 1 answers A with B)
 * subscriber 1:  A----B
 * subscriber 2:  ---A----B    (a Subject would deliver B, then A)
 * ```
 *
 * Subscribing and unsubscribing cost the same however many subscribers there are. A new subscriber
 * hears what is delivered after it came. A throw in a subscriber's callback reaches neither the
 * caller of `next` nor the other subscribers: RxJS reports it, on a later task, to
 * `config.onUnhandledError` or, where that is not set, as an uncaught exception.
 */
export const trampoline = <T>(): Trampoline<T> => {
  const subscribers = new Set<Subscriber<T>>()
  /** Who hears the next event; rebuilt only after a subscriber came or went. */
  let audience: readonly Subscriber<T>[] | undefined
  let waiting: T[] = []
  let delivering = false
  let completed = false

  const deliver = (event: T): void => {
    audience ??= [...subscribers]
    for (const subscriber of audience) subscriber.next(event)
  }
  const drain = (): void => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      for (const event of batch) deliver(event)
    }
    delivering = false
    if (completed) for (const subscriber of subscribers) end(subscriber)
  }
  return {
    next: (event) => {
      if (completed) return
      if (delivering) {
        waiting.push(event)
        return
      }
      if (subscribers.size === 0) return
      delivering = true
      deliver(event)
      drain()
    },
    complete: () => {
      completed = true
      if (!delivering) drain()
    },
    event$: new Observable((subscriber) => {
      if (completed) {
        subscriber.complete()
        return undefined
      }
      subscribers.add(subscriber)
      audience = undefined
      return () => {
        subscribers.delete(subscriber)
        audience = undefined
      }
    }),
  }
}

/** A throwing teardown is reported like a throwing callback, so that the others still end. */
const end = (subscriber: Subscriber<unknown>): void => {
  // eslint-disable-next-line rxjs-x/no-ignored-subscription -- RxJS reports what it throws
  new Observable(() => subscriber.complete()).subscribe()
}
