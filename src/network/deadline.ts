import { Observable } from 'rxjs'
import type { MonoTypeOperatorFunction } from 'rxjs'
import { TimeoutError } from '../errors.ts'
import type { Clock } from '../ports.ts'

/** Slowest link that is waited for, in bytes a second: 100 kbit/s. boxo `minSendRate`. */
export const MIN_BYTES_PER_SECOND = 12_500
/** Time for the round trips, in ms. boxo `sendLatency`. */
const LATENCY_MS = 2_000
/** boxo `minSendTimeout`, in ms. */
export const MIN_DEADLINE_MS = 10_000
/** boxo `maxSendTimeout`, in ms. */
export const MAX_DEADLINE_MS = 120_000

/** How long a message of `byteLength` may take, in ms. */
export const deadlineMs = (byteLength: number): number => {
  const neededMs = LATENCY_MS + 1_000 * byteLength / MIN_BYTES_PER_SECOND
  return Math.min(Math.max(neededMs, MIN_DEADLINE_MS), MAX_DEADLINE_MS)
}

/** Errors with a `TimeoutError` unless the source ends in time; at once costs no timer. */
export const within = <T>(
  clock: Clock,
  timeoutMs: number,
  what: string,
): MonoTypeOperatorFunction<T> => (source$) => new Observable((subscriber) => {
  source$.subscribe(subscriber)
  if (subscriber.closed) return
  subscriber.add(clock.after(timeoutMs, () => subscriber.error(new TimeoutError(what, timeoutMs))))
})
