import type { PeerId } from '@libp2p/interface'
import type { Block, Presence, WantlistEntry } from './message.ts'

/**
 * What the cores want said to one peer. Deltas to the same peer are merged while its stream is
 * busy; a lost one is repaired from the wantlist or the ledger, which are the truth.
 */
export interface Delta {
  readonly type: 'delta'
  readonly peer: PeerId
  readonly entries?: readonly WantlistEntry[]
  readonly blocks?: readonly Block[]
  readonly presences?: readonly Presence[]
  /** Bytes still queued for the peer after this delta; the latest value wins. */
  readonly pendingBytes?: number
}
