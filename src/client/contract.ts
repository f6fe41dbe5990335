import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import type { Evidence } from '../errors.ts'
import type { ClientDecision } from '../events.ts'
import type { Availability } from '../exchange.ts'
import type { Delta } from '../message/delta.ts'
import type { FetchedBlock } from '../message/fetched-block.ts'
import type { MultihashKey, PeerKey } from '../message/keys.ts'
import type { Block } from '../message/message.ts'
import type { PeerEvent, Received, SendOutcome } from '../ports.ts'

/** Whom a request may ask. Owned by the want manager, changed only through its inputs. */
export interface Scope {
  /** `everyone`: all connected peers. Otherwise the peers of a session, by key. */
  readonly members: 'everyone' | Map<PeerKey, PeerId>
  /** Peers worth asking first. */
  readonly preferred: Set<PeerKey>
  /** Peers of the session that are being dialled: whether they have the block is not known yet. */
  dialling: number
  /** The latest failure to dial each target, by its text. */
  readonly unreachable: Map<string, Evidence>
}

/** One subscription: what it asks for, of whom, and whether it waits for ever. */
export interface Request {
  readonly kind: 'block' | 'presence'
  readonly scope: Scope
  /** Higher first; wants of equal priority go in the order of asking. */
  readonly priority: number
  /** False: fail once everybody in scope has said no. */
  readonly discovery: boolean
}

/** What was sent needs no word: the want waits for its answer. */
export type FailedSend = SendOutcome & { readonly type: 'send-failed' }

/**
 * All that the want manager hears. `R` is the application's request, handed back with each answer.
 */
export type ClientInput<R extends Request> =
  | Received
  | PeerEvent
  | FailedSend
  | { readonly type: 'want', readonly cid: CID, readonly request: R }
  | { readonly type: 'unwant', readonly cid: CID, readonly request: R }
  /** A peer of a session is being dialled; `dialled` follows. */
  | { readonly type: 'dialling', readonly scope: Scope }
  | { readonly type: 'dialled', readonly scope: Scope, readonly outcome: DialOutcome }
  /** A block turned up in our own store. */
  | { readonly type: 'local-block', readonly block: Block }

/** The peer is one of the session's, or worth asking first, or it stays out of reach. */
export type DialOutcome =
  | { readonly type: 'member' | 'preferred', readonly peer: PeerId }
  | { readonly type: 'unreachable', readonly evidence: Evidence }

/** All that the want manager says. */
export type ClientOutput<R extends Request> =
  | Delta
  | ClientDecision
  /** The wantlist changed. The map is live: read it, do not keep it. */
  | { readonly type: 'wantlist', readonly wants: ReadonlyMap<MultihashKey, OpenWant> }
  | {
    readonly type: 'deliver'
    readonly requests: readonly R[]
    readonly block: Block
    readonly from: PeerId | undefined
  }
  | {
    readonly type: 'presence'
    readonly requests: readonly R[]
    readonly availability: Availability
  }
  /** Everybody in scope has answered a presence request without discovery. */
  | { readonly type: 'answered', readonly request: R }
  | { readonly type: 'fail', readonly requests: readonly R[], readonly error: Error }
  /** Blocks that peers sent are in the store now. */
  | { readonly type: 'stored', readonly blocks: readonly FetchedBlock[] }
  /** More arrives from a peer than can be stored: stop, or go on, reading from it. */
  | { readonly type: 'reading', readonly peer: PeerId, readonly paused: boolean }

/** What others may see of a want. */
export interface OpenWant {
  readonly cid: CID
  readonly kind: 'block' | 'presence'
  readonly priority: number
}
