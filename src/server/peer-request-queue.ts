import type { PeerId } from '@libp2p/interface'
import type { MultihashKey } from '../message/keys.ts'
import type { Task, TaskType } from './task.ts'

/**
 * Who is served next, and with what. The decision engine pushes tasks; a task worker takes a turn,
 * which is one peer's; the outcomes of what it sends settle the tasks.
 */
export interface PeerRequestQueue {
  /** Queues what is new in `task`, but no DONT_HAVE for which there is no room. */
  push(peer: PeerId, task: Task): void
  /** The want is gone: its task, too, or the active one answers nothing. True if queued. O(1). */
  withdraw(peer: PeerId, key: MultihashKey): boolean
  /** As `withdraw`, but an answer that is on its way is not taken back. */
  evict(peer: PeerId, key: MultihashKey): boolean
  /** Withdraws all but these, and evicts these: a new list tells what is still wanted of them. */
  retain(peer: PeerId, keys: ReadonlySet<MultihashKey>): void
  /** The turn of the next eligible peer; `undefined` if there is none. It must be closed. */
  next(): Turn | undefined
  /** A send is over. Returns the task that it served; `undefined` if there is none any more. */
  settle(peer: PeerId, key: MultihashKey, sent: TaskType): Task | undefined
  /** The peer is gone, and all that it was owed. */
  forget(peer: PeerId): void
}

/** One peer's turn to be sent something. */
export interface Turn {
  readonly peer: PeerId
  /** The peer's next task, from now on active. */
  take(): Task | undefined
  /** The task goes to the network and costs `bytes`. */
  handOver(task: Task, bytes: number): void
  /** The task answers nothing: no longer active. */
  drop(task: Task): void
  /** Bytes still queued for the peer; `undefined` if it is gone. */
  pendingBytes(): number | undefined
  /** The turn is over. */
  close(): void
}
