/**
 * The diary: every decision of a node, in order. Statistics, progress bars and recorded marbles are
 * readers of it. `at` is the clock's time in milliseconds.
 */
import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import type { Received, SendOutcome, PeerEvent, PeerFault } from './ports.ts'

/** Why a want is over for the peers that were asked. */
export type CancelCause = 'unsubscribed' | 'received' | 'not-found' | 'session-ended' | 'failed'

/** Why the block is asked of this peer and no other. */
export type ChoiceReason = 'has-it' | 'might-have-it'

/** Why a want left the peer it was asked of. */
export type MoveReason = 'dont-have' | 'timed-out' | 'peer-down' | 'send-failed'

export type Decision =
  | PeerEvent
  | Received
  | SendOutcome
  | PeerFault
  /** The first subscriber of a multihash came. */
  | { readonly type: 'want', readonly cid: CID }
  /** The last subscriber of a multihash left, or the want ended. */
  | { readonly type: 'cancel', readonly cid: CID, readonly cause: CancelCause }
  | { readonly type: 'peer-chosen', readonly cid: CID, readonly peer: PeerId, readonly reason: ChoiceReason }
  | { readonly type: 'peer-left', readonly cid: CID, readonly peer: PeerId, readonly reason: MoveReason }
  /** A verified block is stored and delivered. */
  | { readonly type: 'block', readonly cid: CID, readonly from: PeerId, readonly byteLength: number, readonly waitedMs: number }
  /** Bytes that nobody wants (any more): `repeated` if the same block came before. */
  | { readonly type: 'unwanted-block', readonly from: PeerId, readonly byteLength: number, readonly repeated: boolean }
  | { readonly type: 'store-failed', readonly cid: CID, readonly error: Error }
  | { readonly type: 'notify', readonly cid: CID }
  /** A wanted block's subscriber, as the application sees it: the ends of `want` and its kin. */
  | { readonly type: 'subscribed', readonly cid: CID, readonly member: SubscriptionMember }
  | { readonly type: 'unsubscribed', readonly cid: CID, readonly member: SubscriptionMember }
  | { readonly type: 'delivered', readonly cid: CID, readonly from?: PeerId }
  | { readonly type: 'gave-up', readonly cid: CID, readonly error: Error }

export type SubscriptionMember = 'want' | 'availability'

export type BitswapEvent = Decision & { readonly at: number }
