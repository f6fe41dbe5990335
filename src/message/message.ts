/**
 * A Bitswap message in the spec's words. Two shapes share one frame: what we send carries blocks
 * whose CID we know; what a peer sent carries blocks whose CID nobody has computed yet.
 */
import type { CID } from 'multiformats/cid'
import type { CidPrefix } from './cid-prefix.ts'

/** Asks for a block, or only whether the peer has it. Spec 1.2, `Wantlist.WantType`. */
export type WantType = 'want-block' | 'want-have'

/** One want on the wire. Higher `priority` first; only orders the asking peer's own wants. */
export interface WantEntry {
  readonly type: WantType
  readonly cid: CID
  /** int32. */
  readonly priority: number
  /** Asks for a DONT_HAVE when the peer lacks the block; without it absence is silence. */
  readonly sendDontHave: boolean
}

/** Takes back an earlier want for the same multihash. */
export interface CancelEntry {
  readonly type: 'cancel'
  readonly cid: CID
}

export type WantlistEntry = WantEntry | CancelEntry

/** `full` replaces what the receiver held for the sender; otherwise the entries are a patch. */
export interface MessageWantlist {
  readonly entries: readonly WantlistEntry[]
  readonly full: boolean
}

/** A block whose bytes match its CID. */
export interface Block {
  readonly cid: CID
  readonly bytes: Uint8Array
}

/** A block as a peer sent it: the digest is not on the wire, so `bytes` may be anything. */
export interface UnverifiedBlock {
  readonly prefix: CidPrefix
  /** A view on the received frame: copy what outlives it. */
  readonly bytes: Uint8Array
}

export type PresenceType = 'have' | 'dont-have'

/** HAVE or DONT_HAVE for one CID. */
export interface Presence {
  readonly type: PresenceType
  readonly cid: CID
}

export interface Message<B extends Block | UnverifiedBlock> {
  readonly wantlist: MessageWantlist
  readonly blocks: readonly B[]
  readonly presences: readonly Presence[]
  /** Bytes the sender still has queued for the receiver; advisory. */
  readonly pendingBytes: number
}

export type OutgoingMessage = Message<Block>
export type ReceivedMessage = Message<UnverifiedBlock>
