import type { SchedulerLike } from 'rxjs'
import type { Clock } from '../ports.ts'
import { timerHeap } from './timer-heap.ts'
import type { Timer } from './timer-heap.ts'
import { schedulerOf } from './virtual-scheduler.ts'

/** Timers and tasks of `soon` that may follow each other without time going on. */
const MAX_TASKS_PER_MOMENT = 1_000_000

/** How far `runUntilIdle` goes by default, in ms. */
const IDLE_LIMIT_MS = 3_600_000

/**
 * Time that stands still until it is told to move. Nothing runs inside `after` or `soon`: tasks run
 * within `advance`, `advanceTo`, `settle` and `runUntilIdle`, in one order that depends on nothing
 * but the calls. Timers run by time, those of the same time in the order of asking; after each, the
 * `soon` queue runs to its end. A task that throws ends the call with its error; the clock stays
 * usable.
 */
export interface VirtualClock extends Clock {
  /** Lets `ms` pass, running whatever falls due, the moment at the end included. */
  advance(ms: number): void
  /** Lets time pass until `time`, as `advance` does. */
  advanceTo(time: number): void
  /** Runs the `soon` queue to its end; no time passes. */
  settle(): void
  /**
   * Runs everything there is. Throws if there is still more `limitMs` later, 1 h by default, or if
   * time does not go on: what repeats never ends.
   */
  runUntilIdle(limitMs?: number): void
  /** Timers and `soon` tasks waiting. */
  readonly pending: number
  /** When the next task is due, now if `soon` tasks wait, `undefined` if nothing does. */
  readonly next: number | undefined
  /** The same clock for RxJS operators that take a scheduler: `timer(5, clock.scheduler)`. */
  readonly scheduler: SchedulerLike
}

/** A clock at time `startMs`, 0 by default. */
export const virtualClock = (startMs = 0): VirtualClock => {
  const timers = timerHeap()
  let queue: (() => void)[] = []
  let head = 0
  let time = startMs
  let order = 0
  let running = false
  let ranNow = 0

  const count = (): void => {
    if (++ranNow > MAX_TASKS_PER_MOMENT) throw new Error(endless(time))
  }

  const drain = (): void => {
    while (head < queue.length) {
      const task = queue[head++]
      count()
      task?.()
    }
    queue = []
    head = 0
  }

  const runUntil = (end: number): void => {
    drain()
    for (let timer = timers.peek(); timer !== undefined && timer.at <= end; timer = timers.peek()) {
      timers.pop()
      if (timer.at > time) ranNow = 0
      time = timer.at
      count()
      const { task } = timer
      timer.task = undefined
      task?.()
      if (queue.length > 0) drain()
    }
  }

  /** Keeps a task from moving the time that it runs in. */
  const exclusively = (run: () => void): void => {
    if (running) throw new Error('The clock is already moving: a task must not advance it')
    running = true
    ranNow = 0
    try {
      run()
    } finally {
      running = false
    }
  }

  const advanceTo = (end: number): void => exclusively(() => {
    if (!(end >= time)) throw new RangeError(`Time cannot go from ${time} ms to ${end} ms`)
    runUntil(end)
    time = end
  })

  const clock: VirtualClock = {
    now: () => time,
    after (delayMs, task) {
      if (Number.isNaN(delayMs)) throw new RangeError('A timer cannot run after NaN ms')
      const timer: Timer = { at: time + Math.max(0, delayMs), order: order++, task }
      timers.push(timer)
      return () => { timers.cancel(timer) }
    },
    soon (task) { queue.push(task) },
    advance (ms) { advanceTo(time + ms) },
    advanceTo,
    settle () { exclusively(drain) },
    runUntilIdle (limitMs = IDLE_LIMIT_MS) {
      exclusively(() => { runUntil(time + limitMs) })
      if (timers.size() > 0) throw new Error(busy(timers.size(), limitMs))
    },
    get pending () { return timers.size() + queue.length - head },
    get next () { return queue.length > head ? time : timers.peek()?.at },
    get scheduler () { return scheduler },
  }
  const scheduler = schedulerOf(clock)
  return clock
}

const endless = (time: number): string =>
  `${MAX_TASKS_PER_MOMENT} tasks ran at ${time} ms: two parts answer each other for ever`

const busy = (timers: number, limitMs: number): string =>
  `Still ${timers} timers after ${limitMs} ms: something repeats for ever`
