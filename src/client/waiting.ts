import { isBefore, type Placed } from '../wantlist/is-before.ts'
import { priorityQueue } from '../wantlist/priority-queue.ts'

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

interface Turn<T> extends Placed {
  readonly item: T
}

export const waiting = <T>(isWaiting: (item: T) => boolean): Waiting<T> => {
  const turns = priorityQueue<Turn<T>>(isBefore, ({ item }) => isWaiting(item))
  let front = 0
  let back = 0

  return {
    push: (item, priority) => {
      turns.push({ item, priority, place: back++ })
    },
    pushFront: (item, priority) => {
      turns.push({ item, priority, place: --front })
    },
    shift: () => turns.pop()?.item,
    left: turns.left,
  }
}
