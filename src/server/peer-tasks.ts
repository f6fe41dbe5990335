import type { PeerId } from '@libp2p/interface'
import { type MultihashKey, peerKey, type PeerKey } from '../message/keys.ts'
import { queuedTasks } from './queued-tasks.ts'
import type { Task, TaskType } from './task.ts'
import { covers, mergeTasks } from './task.ts'

/** What one peer is owed: tasks queued, and tasks active, which a worker took. */
export interface PeerTasks {
  readonly peer: PeerId
  readonly key: PeerKey
  /** Bytes the peer may still be sent before others have their turn. Negative: it owes. */
  credit: number
  /** Tasks queued. */
  readonly size: number
  /** Bytes handed to the network and not confirmed. */
  readonly outstandingBytes: number
  push(task: Task): void
  take(): Task | undefined
  handOver(task: Task, bytes: number): void
  /** The task answers nothing. */
  drop(task: Task): void
  settle(key: MultihashKey, sent: TaskType): Task | undefined
  /** Both are true if a task was not taken yet. */
  withdraw(key: MultihashKey): boolean
  evict(key: MultihashKey): boolean
  /** Withdraws all but these, and evicts these. */
  retain(keys: ReadonlySet<MultihashKey>): void
  /** Bytes queued; blocks of unknown size count as `meanBlockBytes`. */
  pendingBytes(meanBlockBytes: number): number
}

export const peerTasks = (peer: PeerId, credit: number): PeerTasks => {
  const queued = queuedTasks()
  const active = new Map<MultihashKey, Task>()
  /** Of wants that were taken back, and renewed while their answer is on its way. */
  const renewed = new Map<MultihashKey, Task>()
  let outstandingBytes = 0

  const drop = (task: Task | undefined): void => {
    if (task === undefined || active.get(task.key) !== task) return
    active.delete(task.key)
    outstandingBytes -= task.outstandingBytes ?? 0
  }

  const evict = (key: MultihashKey): boolean => renewed.delete(key) || queued.remove(key)

  const withdraw = (key: MultihashKey): boolean => {
    const started = active.get(key)
    if (started !== undefined) started.withdrawn = true
    return evict(key)
  }

  const renew = (task: Task): void => {
    const earlier = renewed.get(task.key)
    renewed.set(task.key, earlier === undefined ? task : mergeTasks(earlier, task))
  }

  return {
    peer,
    key: peerKey(peer),
    credit,
    get size () {
      return queued.size
    },
    get outstandingBytes () {
      return outstandingBytes
    },
    push: (task) => {
      const started = active.get(task.key)
      if (started === undefined) queued.push(task)
      else if (covers(started, task)) started.sendDontHave ||= task.sendDontHave
      else if (started.withdrawn && started.outstandingBytes !== undefined) renew(task)
      else queued.push(task)
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
      // What came before may be sent still: it leaves the better answer active.
      if (task?.outstandingBytes === undefined || task.type !== sent) return undefined
      drop(task)
      const next = renewed.get(key)
      renewed.delete(key)
      if (next !== undefined) queued.push(next)
      return task.withdrawn ? undefined : task
    },
    withdraw,
    evict,
    retain: (keys) => {
      for (const key of [...queued.keys(), ...active.keys()]) {
        if (keys.has(key)) evict(key)
        else withdraw(key)
      }
    },
    pendingBytes: queued.bytes,
  }
}
