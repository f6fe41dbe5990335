import type { Clock } from '../ports.ts'

/** The most that a timer counts, in ms: 25 days. With more it would run at once. */
const MAX_DELAY_MS = 2 ** 31 - 1

/**
 * The machine's own time. Its timers do not hold a Node process open: a node that waits for its
 * peers to speak is kept alive by its sockets, and one without sockets has nothing to wait for.
 */
export const systemClock: Clock = {
  now: () => performance.now(),

  after: (delayMs, task) => {
    const timer = setTimeout(task, Math.min(delayMs, MAX_DELAY_MS))
    const inNodeOnly: { unref?(): unknown } = timer
    inNodeOnly.unref?.()
    return () => clearTimeout(timer)
  },

  // In Node once what the sockets hold is read: what it leads to leaves in one message.
  soon: (task) => {
    const inNodeOnly: { setImmediate?(task: () => void): unknown } = globalThis
    const run = inNodeOnly.setImmediate ?? queueMicrotask
    run(task)
  },
}
