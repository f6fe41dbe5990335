/**
 * A line of things that wait their turn: higher priority first, then first come, first served; what
 * was served in vain goes back to the front. Leaving the line is lazy, so that it costs nothing.
 */
export interface Waiting<T> {
  push(item: T, priority: number): void
  pushFront(item: T, priority: number): void
  /** The next one that is still waiting. */
  shift(): T | undefined
  /** One of the items no longer waits: they are swept out when they are the larger part. */
  left(): void
}

interface Level<T> {
  readonly priority: number
  /** Last in, first out: what comes back. */
  front: T[]
  /** First in, first out: what came once. */
  back: T[]
  /** Where `back` begins: moving an index is cheaper than moving an array. */
  head: number
}

/** The sweep is not worth its cost below this many leavers. */
const MIN_SWEEP = 64

export const waiting = <T>(isWaiting: (item: T) => boolean): Waiting<T> => {
  const levels: Level<T>[] = []
  let size = 0
  let leavers = 0

  const level = (priority: number): Level<T> => {
    const index = levels.findIndex((candidate) => candidate.priority <= priority)
    const found = levels[index]
    if (found?.priority === priority) return found
    const added = { priority, front: [], back: [], head: 0 }
    levels.splice(index === -1 ? levels.length : index, 0, added)
    return added
  }

  const takeFrom = (first: Level<T>): T | undefined => {
    if (first.front.length > 0) return first.front.pop()
    const item = first.back[first.head]
    first.head += 1
    if (first.head > 1_024 && first.head * 2 > first.back.length) {
      first.back = first.back.slice(first.head)
      first.head = 0
    }
    return item
  }

  const sweep = (): void => {
    for (const swept of levels) {
      swept.front = swept.front.filter(isWaiting)
      swept.back = swept.back.slice(swept.head).filter(isWaiting)
      swept.head = 0
    }
    size = levels.reduce((sum, { front, back }) => sum + front.length + back.length, 0)
    leavers = 0
  }

  return {
    push: (item, priority) => {
      level(priority).back.push(item)
      size += 1
    },
    pushFront: (item, priority) => {
      level(priority).front.push(item)
      size += 1
    },
    shift: () => {
      for (let first = levels[0]; first !== undefined; first = levels[0]) {
        while (first.front.length > 0 || first.head < first.back.length) {
          const item = takeFrom(first)
          size -= 1
          if (item !== undefined && isWaiting(item)) return item
          leavers = Math.max(0, leavers - 1)
        }
        levels.shift()
      }
      return undefined
    },
    left: () => {
      leavers += 1
      if (leavers > MIN_SWEEP && leavers * 2 > size) sweep()
    },
  }
}
