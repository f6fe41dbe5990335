/**
 * The diary: every decision of a node, in order. Statistics, progress bars and recorded marbles are
 * readers of it. `at` is the clock's time in milliseconds.
 */
import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import type { PeerKey } from './message/keys.ts'
import type { PeerEvent, PeerFault, Received, SendOutcome } from './ports.ts'

/** Why a want is over for the peers that were asked. */
export type CancelCause = 'unsubscribed' | 'received' | 'not-found' | 'failed' | 'stopped'

/** Why the block is asked of this peer and no other. */
export type ChoiceReason = 'has-it' | 'might-have-it'

/** Why a want left the peer it was asked of. */
export type MoveReason = 'dont-have' | 'timed-out' | 'peer-down' | 'send-failed'

/** What the want manager decides. */
export type ClientDecision =
  /** The first subscriber of a multihash came. */
  | { readonly type: 'want', readonly cid: CID }
  /**
   * The last subscriber of a multihash left, or the want ended: all who were asked get a cancel.
   */
  | { readonly type: 'cancel', readonly cid: CID, readonly cause: CancelCause }
  /** The block is asked of this peer. */
  | {
    readonly type: 'peer-chosen'
    readonly cid: CID
    readonly peer: PeerId
    readonly reason: ChoiceReason
  }
  /** The want moves on from this peer. */
  | {
    readonly type: 'peer-left'
    readonly cid: CID
    readonly peer: PeerId
    readonly reason: MoveReason
  }
  /** Every peer that may be asked lacks the block; the want waits for it to turn up. */
  | { readonly type: 'exhausted', readonly cid: CID }
  /** A verified block is in the store. */
  | {
    readonly type: 'block'
    readonly cid: CID
    readonly from: PeerId
    readonly bytes: Uint8Array
    /** From the first subscription to the store, in ms. */
    readonly waitedMs: number
  }
  /** A block nobody wants, or wants any more. */
  | { readonly type: 'unwanted-block', readonly from: PeerId, readonly byteLength: number }
  /** A fetched block could not be stored, or a wanted one could not be read. */
  | { readonly type: 'store-failed', readonly cid: CID, readonly error: Error }

/** What the application did and got. `subscription` numbers the subscriptions of a node. */
export type ApplicationEvent =
  | {
    readonly type: 'subscribed'
    readonly subscription: number
    readonly cid: CID
    readonly member: AskingMember
    readonly priority: number
    readonly discovery: boolean
    /** Whom it may ask: everyone, or its session's peers. One map for a session, and live. */
    readonly peers: 'everyone' | ReadonlyMap<PeerKey, PeerId>
  }
  | {
    readonly type: 'unsubscribed'
    readonly subscription: number
    readonly cid: CID
    readonly member: AskingMember
  }
  | {
    readonly type: 'delivered'
    readonly subscription: number
    readonly cid: CID
    readonly byteLength: number
    /** The peer that sent it; absent when none did. */
    readonly from?: PeerId
  }
  | {
    readonly type: 'gave-up'
    readonly subscription: number
    readonly cid: CID
    readonly error: Error
  }
  | { readonly type: 'notify', readonly cid: CID }

/** The member of the public contract that was subscribed to. */
export type AskingMember = 'want' | 'availability'

export type Decision =
  | PeerEvent
  | Received
  | SendOutcome
  | PeerFault
  | ClientDecision
  | ApplicationEvent

export type BitswapEvent = Decision & { readonly at: number }
