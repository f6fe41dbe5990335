import type { Clock } from '../ports.ts'

export interface Lateness {
  /** Something has begun, or still lasts. What it has done so far earns it `earnedMs` more. */
  unfinished(earnedMs: number): void
  /** It is over. */
  whole(): void
  stop(): void
}

/**
 * Calls `onLate` when something has been unfinished for `timeoutMs`. Beginnings come by the
 * thousand and hardly ever last, so one timer is kept, and looks at the last one when it is due.
 */
export const lateness = (clock: Clock, timeoutMs: number, onLate: () => void): Lateness => {
  let begunAt: number | undefined
  let allowedMs = timeoutMs
  let cancel: (() => void) | undefined

  const look = (): void => {
    cancel = undefined
    if (begunAt === undefined) return
    const leftMs = begunAt + allowedMs - clock.now()
    if (leftMs <= 0) onLate()
    else cancel = clock.after(leftMs, look)
  }

  return {
    unfinished: (earnedMs) => {
      allowedMs = timeoutMs + earnedMs
      begunAt ??= clock.now()
      cancel ??= clock.after(timeoutMs, look)
    },
    whole: () => { begunAt = undefined },
    stop: () => {
      begunAt = undefined
      cancel?.()
      cancel = undefined
    },
  }
}
