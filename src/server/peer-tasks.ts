import type { PeerId } from '@libp2p/interface'
import type { MultihashKey } from '../message/keys.ts'
import { queuedTasks } from './queued-tasks.ts'
import type { Task } from './task.ts'
import { covers } from './task.ts'

/** What one peer is owed: tasks queued, and tasks active, which a worker took. */
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
  take(): Task | undefined
  handOver(task: Task, bytes: number): void
  /** The task answers nothing. */
  drop(task: Task): void
  settle(key: MultihashKey, sent: 'block' | 'presence'): Task | undefined
  /** True if the task was still queued. */
  withdraw(key: MultihashKey): boolean
  withdrawAll(): void
  /** Bytes queued; blocks of unknown size count as `meanBlockBytes`. */
  pendingBytes(meanBlockBytes: number): number
}

export const peerTasks = (peer: PeerId, credit: number): PeerTasks => {
  const queued = queuedTasks()
  const active = new Map<MultihashKey, Task>()
  let outstandingBytes = 0

  const drop = (task: Task | undefined): void => {
    if (task === undefined || active.get(task.key) !== task) return
    active.delete(task.key)
    outstandingBytes -= task.outstandingBytes ?? 0
  }

  const withdraw = (key: MultihashKey): boolean => {
    const started = active.get(key)
    if (started !== undefined) started.withdrawn = true
    return queued.remove(key)
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
      if (started === undefined || !covers(started, task)) queued.push(task)
    },
    take: () => {
      const task = queued.take()
      if (task === undefined) return undefined
      drop(active.get(task.key))
      active.set(task.key, task)
      return task
    },
    handOver: (task, bytes) => {
      task.outstandingBytes = bytes
      outstandingBytes += bytes
    },
    drop,
    settle: (key, sent) => {
      const task = active.get(key)
      if (task?.outstandingBytes === undefined) return undefined
      // A HAVE that was sent leaves the block active that was asked for meanwhile.
      if (sent === 'presence' && task.type === 'block') return undefined
      drop(task)
      return task.withdrawn ? undefined : task
    },
    withdraw,
    withdrawAll: () => {
      for (const key of [...queued.keys(), ...active.keys()]) withdraw(key)
    },
    pendingBytes: queued.bytes,
  }
}
