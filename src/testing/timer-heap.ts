/** A task waiting for its time; without a task it was cancelled and only waits to be dropped. */
export interface Timer {
  readonly at: number
  /** Position in the order of asking; decides between timers of the same time. */
  readonly order: number
  task: (() => void) | undefined
}

export interface TimerHeap {
  push(timer: Timer): void
  /** The next live timer, left in place. */
  peek(): Timer | undefined
  /** Takes out what `peek` showed. */
  pop(): void
  cancel(timer: Timer): void
  /** Live timers. */
  size(): number
}

/** Below this size, cancelled timers are left until their time comes. */
const COMPACT_FROM = 64

/**
 * A binary heap of timers: O(log n) to add and to take, O(1) to cancel. Cancelled timers stay until
 * they surface, or until they are the greater half: a core that arms and disarms a timer for each
 * want would otherwise pile up seconds of dead ones.
 */
export const timerHeap = (): TimerHeap => {
  let heap: Timer[] = []
  let cancelled = 0

  const pop = (): void => {
    const last = heap.pop()
    if (last !== undefined && heap.length > 0) sink(heap, last, 0)
  }

  return {
    push (timer) {
      heap.push(timer)
      rise(heap, timer, heap.length - 1)
    },
    peek () {
      let top = heap[0]
      while (top !== undefined && top.task === undefined) {
        pop()
        cancelled--
        top = heap[0]
      }
      return top
    },
    pop,
    cancel (timer) {
      if (timer.task === undefined) return
      timer.task = undefined
      cancelled++
      if (heap.length < COMPACT_FROM || cancelled * 2 < heap.length) return
      heap = heap.filter(({ task }) => task !== undefined).sort(byTime)
      cancelled = 0
    },
    size: () => heap.length - cancelled,
  }
}

const byTime = (a: Timer, b: Timer): number => a.at - b.at || a.order - b.order

const isBefore = (a: Timer, b: Timer): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order)

const rise = (heap: Timer[], timer: Timer, from: number): void => {
  let hole = from
  while (hole > 0) {
    const above = (hole - 1) >> 1
    const parent = heap[above]
    if (parent === undefined || !isBefore(timer, parent)) break
    heap[hole] = parent
    hole = above
  }
  heap[hole] = timer
}

const sink = (heap: Timer[], timer: Timer, from: number): void => {
  let hole = from
  for (;;) {
    let below = 2 * hole + 1
    let child = heap[below]
    if (child === undefined) break
    const right = heap[below + 1]
    if (right !== undefined && isBefore(right, child)) {
      child = right
      below++
    }
    if (!isBefore(child, timer)) break
    heap[hole] = child
    hole = below
  }
  heap[hole] = timer
}
