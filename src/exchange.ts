/** The public contract: what a Bitswap node is to an application. */
import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import type { Observable, ObservableInput } from 'rxjs'
import type { BitswapEvent } from './events.ts'
import type { MultihashKey } from './message/keys.ts'
import type { PresenceType, WantEntry } from './message/message.ts'
import type { Received, SendOutcome } from './ports.ts'

/** A verified block. */
export interface BlockArrival {
  readonly cid: CID
  readonly bytes: Uint8Array
  /** The peer that sent it; absent when none did: it was in the store, or in the CID itself. */
  readonly from?: PeerId
}

/** What one peer says of one block. */
export interface Availability {
  readonly cid: CID
  readonly peer: PeerId
  readonly presence: PresenceType
}

export interface WantOptions {
  /** From -2,048 to 2,047; higher is asked first. Default 0; equals go in the order of asking. */
  readonly priority?: number
  /**
   * `false`: fail with `NotFoundError` once every peer that can be asked has said DONT_HAVE or
   * timed out. Default `true`: wait for the block to turn up.
   */
  readonly discovery?: boolean
}

export interface FetchOptions extends WantOptions {
  /**
   * `true`: who asks has just seen that the block is not in the store, so that it is not looked for
   * there again, unless `notify` has told of any block in the last 10 s. Default `false`.
   */
  readonly absent?: boolean
}

export interface BlockOptions extends FetchOptions {
  readonly signal?: AbortSignal
}

export interface RetrieveOptions extends FetchOptions {
  /** Blocks wanted at the same time. Default 32. */
  readonly concurrency?: number
  /** Emit in the order of the input. Default `false`: as they arrive. */
  readonly ordered?: boolean
}

export interface SessionOptions {
  /** The only peers to ask, dialled if need be. Default: every connected peer. */
  readonly peers?: readonly (PeerId | Multiaddr)[]
  /** Peers worth asking first, dialled if need be; others are asked too. */
  readonly providers?: ObservableInput<PeerId | Multiaddr>
  /** See `WantOptions.discovery`; the default for every want of the session. */
  readonly discovery?: boolean
}

/** Ways to ask, shared by an exchange and its sessions. */
export interface Asking {
  /**
   * One verified block, then complete. Cold: subscribing wants, unsubscribing cancels. A local
   * block is emitted at once (synchronously where the store is); a fetched one after it was stored.
   * Any number of subscribers to one multihash share one want. Errors: `NotFoundError` (only with
   * `discovery: false`), `InvalidBlockError`, `StoreError`, `NotStartedError`. `stop()` completes
   * it.
   */
  want(cid: CID, options?: FetchOptions): Observable<BlockArrival>
  /**
   * A block for each CID, then complete. Cold. An array, iterable or async iterable is pulled as
   * `concurrency` has room, so it may be endless; an Observable is buffered up to
   * `client.maxWaitingCids`, beyond which it errors with `OverloadedError`. The first error of a
   * want is the stream's error; unsubscribing cancels whatever is in flight.
   */
  retrieve(cids: ObservableInput<CID>, options?: RetrieveOptions): Observable<BlockArrival>
  /**
   * Each peer's HAVE or DONT_HAVE as it becomes known, and again when it changes. Cold; never asks
   * for the block. With `discovery: false` it completes when every peer has answered or timed out;
   * otherwise it stays, and new peers are asked as they connect. Unsubscribing cancels.
   */
  availability(cid: CID, options?: WantOptions): Observable<Availability>
}

/** Wants that share a peer set. Closing ends its wants and frees everything. */
export interface Session extends Asking {
  close(): void
  [Symbol.dispose](): void
}

/** A connected peer that speaks Bitswap. */
export interface PeerState {
  readonly peer: PeerId
  /** False for peers of protocol 1.1 and before: no want-have, HAVE or DONT_HAVE. */
  readonly supportsHave: boolean
}

/** Bytes and blocks traded with one peer. */
export interface LedgerState {
  readonly peer: PeerId
  readonly sentBytes: number
  readonly receivedBytes: number
  /** Blocks sent and received. */
  readonly exchangedBlocks: number
  /** Sent bytes over received bytes plus one. Whitepaper 3.3, "debt ratio". */
  readonly debtRatio: number
}

export interface Stats {
  readonly wants: number
  readonly peers: number
  readonly blocksReceived: number
  readonly bytesReceived: number
  readonly duplicateBlocksReceived: number
  readonly duplicateBytesReceived: number
  readonly messagesReceived: number
  readonly blocksSent: number
  readonly bytesSent: number
  readonly messagesSent: number
}

/** A block that arrived and is in the store. */
export type StoredBlock = Required<BlockArrival>

/** A cancel that we sent or received. */
export interface Cancellation {
  readonly cid: CID
  readonly peer: PeerId
  readonly direction: 'sent' | 'received'
}

export interface Exchange extends Asking {
  start(): Promise<void>
  /**
   * Completes every stream, cancels every want, leaves no timer or listener. May be called at any
   * time, any number of times.
   */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>

  session(options?: SessionOptions): Session
  /** `want` as a promise. Aborting cancels and rejects with the signal's reason. */
  block(cid: CID, options?: BlockOptions): Promise<Uint8Array>
  /**
   * These blocks are, or are about to be, in the store: whoever subscribed to them gets them. May
   * be called before or after the put; returns at once.
   */
  notify(cids: Iterable<CID>): void

  /** Every message received. Hot, no replay; completes on stop. */
  readonly message$: Observable<Received>
  /** Every message we sent or failed to send. Hot, no replay; completes on stop. */
  readonly sent$: Observable<SendOutcome>
  /** Every block fetched, after it was stored. Hot, no replay; completes on stop. */
  readonly block$: Observable<StoredBlock>
  /** Every HAVE and DONT_HAVE received. Hot, no replay; completes on stop. */
  readonly presence$: Observable<Availability>
  /** Every cancel sent or received. Hot, no replay; completes on stop. */
  readonly cancel$: Observable<Cancellation>
  /** The diary: every decision, in order. Hot, no replay; completes on stop. */
  readonly event$: Observable<BitswapEvent>

  /**
   * What this node wants, by multihash. State: the current value first, synchronously; distinct;
   * completes on stop.
   */
  readonly wantlist$: Observable<ReadonlyMap<MultihashKey, WantEntry>>
  /** Connected Bitswap peers, by peer id string. State. */
  readonly peers$: Observable<ReadonlyMap<string, PeerState>>
  /** Counters. State. */
  readonly stats$: Observable<Stats>
  /** What one peer wants of us. State. */
  peerWantlist(peer: PeerId): Observable<ReadonlyMap<MultihashKey, WantEntry>>
  /** What was traded with one peer. State. */
  ledger(peer: PeerId): Observable<LedgerState>
}
