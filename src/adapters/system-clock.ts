import type { Clock } from '../ports.ts'

/**
 * The machine's own time. Its timers do not hold a Node process open: a node that waits for its
 * peers to speak is kept alive by its sockets, and one without sockets has nothing to wait for.
 */
export const systemClock: Clock = {
  now: () => performance.now(),

  after: (delayMs, task) => {
    const timer: TimerHandle = setTimeout(task, delayMs)
    if (typeof timer === 'object') timer.unref()
    return () => clearTimeout(timer)
  },

  soon: (task) => queueMicrotask(task),
}

/** An object in Node, a number in browsers. */
type TimerHandle = ReturnType<typeof setTimeout> | number
