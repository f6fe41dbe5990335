/** A binary heap that forgets lazily: leaving costs nothing, push and pop take O(log n). */
export interface PriorityQueue<T> {
  push(item: T): void
  /** The first live item, left in place. */
  peek(): T | undefined
  /** Takes out the first live item. */
  pop(): T | undefined
  /** One of the items died: the dead are swept out when they are the larger part. */
  left(): void
  /** Items held, dead ones included. */
  readonly size: number
}

/** The sweep is not worth its cost below this many dead. */
const MIN_SWEEP = 64

/** `isBefore` is a strict order; items for which `isLive` no longer holds are never handed out. */
export const priorityQueue = <T>(
  isBefore: (a: T, b: T) => boolean,
  isLive: (item: T) => boolean,
): PriorityQueue<T> => {
  let heap: T[] = []
  let dead = 0

  const push = (item: T): void => {
    rise(heap, item, isBefore)
  }

  const removeFirst = (): void => {
    const last = heap.pop()
    if (last !== undefined && heap.length > 0) sink(heap, last, isBefore)
  }

  const peek = (): T | undefined => {
    for (let first = heap[0]; first !== undefined; first = heap[0]) {
      if (isLive(first)) return first
      removeFirst()
      dead = Math.max(0, dead - 1)
    }
    return undefined
  }

  return {
    push,
    peek,
    pop: () => {
      const first = peek()
      removeFirst()
      return first
    },
    left: () => {
      dead += 1
      if (dead < MIN_SWEEP || dead * 2 < heap.length) return
      const live = heap.filter(isLive)
      heap = []
      dead = 0
      live.forEach(push)
    },
    get size () {
      return heap.length
    },
  }
}

/** Adds `item` at the bottom and moves it up to where it belongs. */
const rise = <T>(heap: T[], item: T, isBefore: (a: T, b: T) => boolean): void => {
  let hole = heap.length
  while (hole > 0) {
    const above = (hole - 1) >> 1
    const parent = heap[above] as T
    if (!isBefore(item, parent)) break
    heap[hole] = parent
    hole = above
  }
  heap[hole] = item
}

/** Puts `item` in the place of the first and moves it down to where it belongs. */
const sink = <T>(heap: T[], item: T, isBefore: (a: T, b: T) => boolean): void => {
  let hole = 0
  for (let below = 1; below < heap.length; below = 2 * hole + 1) {
    const right = below + 1
    const next = right < heap.length && isBefore(heap[right] as T, heap[below] as T) ? right : below
    const child = heap[next] as T
    if (!isBefore(child, item)) break
    heap[hole] = child
    hole = next
  }
  heap[hole] = item
}
