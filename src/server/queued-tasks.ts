import type { MultihashKey } from '../message/keys.ts'
import { isBefore } from '../wantlist/is-before.ts'
import { priorityQueue } from '../wantlist/priority-queue.ts'
import type { Task } from './task.ts'
import { mergeTasks } from './task.ts'

/** The tasks of one peer that no worker has taken yet, one at most for a multihash. */
export interface QueuedTasks {
  readonly size: number
  /** Adds a task, or what is new in it to the one that is there. */
  push(task: Task): void
  /** The first task, which leaves. */
  take(): Task | undefined
  /** True if there was a task. O(1). */
  remove(key: MultihashKey): boolean
  keys(): Iterable<MultihashKey>
  /** What the tasks will cost, in bytes; blocks of unknown size count as `meanBlockBytes`. */
  bytes(meanBlockBytes: number): number
}

export const queuedTasks = (): QueuedTasks => {
  const tasks = new Map<MultihashKey, Task>()
  const order = priorityQueue<Task>(isBefore, (task) => tasks.get(task.key) === task)
  let sizedBytes = 0
  let unsized = 0
  let arrivals = 0

  const add = (task: Task): void => {
    tasks.set(task.key, task)
    order.push(task)
    if (task.bytes === undefined) unsized += 1
    else sizedBytes += task.bytes
  }

  const leave = (task: Task): void => {
    tasks.delete(task.key)
    if (task.bytes === undefined) unsized -= 1
    else sizedBytes -= task.bytes
  }

  const remove = (key: MultihashKey): Task | undefined => {
    const task = tasks.get(key)
    if (task === undefined) return undefined
    leave(task)
    order.left()
    return task
  }

  return {
    get size () {
      return tasks.size
    },
    push: (task) => {
      const earlier = remove(task.key)
      task.place = arrivals++
      add(earlier === undefined ? task : mergeTasks(earlier, task))
    },
    take: () => {
      const task = order.pop()
      if (task !== undefined) leave(task)
      return task
    },
    remove: (key) => remove(key) !== undefined,
    keys: () => tasks.keys(),
    bytes: (meanBlockBytes) => sizedBytes + unsized * meanBlockBytes,
  }
}
