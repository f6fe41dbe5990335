import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import type { Delta } from '../message/delta.ts'
import type { FetchedBlock } from '../message/fetched-block.ts'
import type { MultihashKey } from '../message/keys.ts'
import type { WantEntry } from '../message/message.ts'
import type { PeerEvent, Received, SendOutcome } from '../ports.ts'

/** All that the decision engine hears. */
export type ServerInput =
  | Received
  | PeerEvent
  | SendOutcome
  /** Blocks fetched are in the store: credit their senders, and serve whoever waits for them. */
  | { readonly type: 'blocks-received', readonly blocks: readonly FetchedBlock[] }
  /** These blocks are, or are about to be, in the store. */
  | { readonly type: 'notify', readonly cids: readonly CID[] }

/** All that the decision engine says. */
export type ServerOutput =
  /** What to send. */
  | Delta
  /** A peer's ledger changed; a gone peer's has no wants. */
  | { readonly type: 'ledger', readonly ledger: LedgerView }
  /** A wanted block could not be looked up or read. Nobody is told it is absent: the want waits. */
  | { readonly type: 'store-failed', readonly cid: CID, readonly error: Error }

/** A live, read-only look at what one peer wants and what was traded with it. */
export interface LedgerView {
  readonly peer: PeerId
  readonly wants: ReadonlyMap<MultihashKey, WantEntry>
  readonly sentBytes: number
  readonly receivedBytes: number
  readonly exchangedBlocks: number
}
