import type { PeerId } from '@libp2p/interface'
import type { MultihashKey } from '../message/keys.ts'
import type { Task } from './task.ts'

/**
 * Who is served next, and with what. The decision engine pushes tasks; a task worker takes a turn,
 * which is one envelope for one peer; the outcome of its send settles the tasks.
 */
export interface PeerRequestQueue {
  /** Queues what is new in `task`. False for a DONT_HAVE for which there is no room. */
  push(peer: PeerId, task: Task): boolean
  /** The want was cancelled: drops its task, or lets the active one answer nothing. O(1). */
  withdraw(peer: PeerId, key: MultihashKey): void
  /** As `withdraw`, for all that the peer is owed. */
  withdrawAll(peer: PeerId): void
  /** The turn of the next eligible peer; `undefined` if there is none. It must be closed. */
  next(): Turn | undefined
  /** A send is over, its task no longer active. `undefined` if there is none or it was withdrawn. */
  settle(peer: PeerId, key: MultihashKey, sent: 'block' | 'presence'): Task | undefined
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
  /** The turn is over. Returns the bytes still queued for the peer, `undefined` if it is gone. */
  close(): number | undefined
}
