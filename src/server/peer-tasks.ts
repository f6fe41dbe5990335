import type { PeerId } from '@libp2p/interface'
import type { MultihashKey } from '../message/keys.ts'
import { priorityQueue } from './priority-queue.ts'
import { covers, isBefore, mergeTasks } from './task.ts'
import type { Task } from './task.ts'

/** What one peer is owed: tasks queued and tasks active, one of each at most for a multihash. */
export interface PeerTasks {
  readonly peer: PeerId
  /** Bytes the peer may still be sent before others have their turn. Negative: it owes. */
  credit: number
  /** Envelopes being read. */
  turns: number
  /** Tasks queued. */
  readonly size: number
  /** Bytes handed to the network and not confirmed. */
  readonly outstandingBytes: number
  push(task: Task): void
  withdraw(key: MultihashKey): void
  withdrawAll(): void
  take(): Task | undefined
  handOver(task: Task, bytes: number): void
  drop(task: Task): void
  settle(key: MultihashKey, sent: 'block' | 'presence'): Task | undefined
  /** Bytes queued, when a block of unknown size counts as `meanBlockBytes`. */
  pendingBytes(meanBlockBytes: number): number
}

export const peerTasks = (peer: PeerId, credit: number): PeerTasks => {
  const queued = new Map<MultihashKey, Task>()
  const active = new Map<MultihashKey, Task>()
  const order = priorityQueue<Task>(isBefore, (task) => queued.get(task.key) === task)
  let queuedBytes = 0
  let unsized = 0
  let outstandingBytes = 0
  let arrivals = 0

  const enqueue = (task: Task): void => {
    queued.set(task.key, task)
    order.push(task)
    if (task.bytes === undefined) unsized += 1
    else queuedBytes += task.bytes
  }

  const dequeue = (task: Task): void => {
    queued.delete(task.key)
    if (task.bytes === undefined) unsized -= 1
    else queuedBytes -= task.bytes
  }

  const deactivate = (task: Task): void => {
    active.delete(task.key)
    outstandingBytes -= task.outstandingBytes ?? 0
  }

  const withdraw = (key: MultihashKey): void => {
    const task = queued.get(key)
    if (task !== undefined) {
      dequeue(task)
      order.left()
    }
    const started = active.get(key)
    if (started !== undefined) started.withdrawn = true
  }

  return {
    peer,
    credit,
    turns: 0,
    get size () {
      return queued.size
    },
    get outstandingBytes () {
      return outstandingBytes
    },
    push: (task) => {
      const started = active.get(task.key)
      if (started !== undefined && covers(started, task)) return
      const earlier = queued.get(task.key)
      if (earlier === undefined) {
        task.arrival = arrivals++
        enqueue(task)
      } else {
        dequeue(earlier)
        enqueue(mergeTasks(earlier, task))
        order.left()
      }
    },
    withdraw,
    withdrawAll: () => {
      for (const key of [...queued.keys(), ...active.keys()]) withdraw(key)
    },
    take: () => {
      const task = order.pop()
      if (task === undefined) return undefined
      dequeue(task)
      const started = active.get(task.key)
      if (started !== undefined) deactivate(started)
      active.set(task.key, task)
      return task
    },
    handOver: (task, bytes) => {
      task.outstandingBytes = bytes
      outstandingBytes += bytes
    },
    drop: (task) => {
      if (active.get(task.key) === task) deactivate(task)
    },
    settle: (key, sent) => {
      const task = active.get(key)
      if (task?.outstandingBytes === undefined) return undefined
      // A HAVE that was sent leaves the block active that was asked for meanwhile.
      if (sent === 'presence' && task.type === 'block') return undefined
      deactivate(task)
      return task.withdrawn ? undefined : task
    },
    pendingBytes: (meanBlockBytes) => queuedBytes + unsized * meanBlockBytes,
  }
}
