/**
 * What the core asks of the world. The core holds no socket, promise, clock or random source of its
 * own: these ports bring them in, so that the same core runs on libp2p, in a marble test and in a
 * simulated swarm.
 */
import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import type { Observable } from 'rxjs'
import type { OutgoingMessage, ReceivedMessage } from './message/message.ts'
import type { NowOrLater } from './operators/now-or-later.ts'

/** Time. Every delay of the core goes through it. */
export interface Clock {
  /** Milliseconds since any fixed moment; never goes back. */
  now(): number
  /** Runs `task` once, `delayMs` from now. Returns its cancellation. */
  after(delayMs: number, task: () => void): () => void
  /**
   * Runs `task` once, when the current run of code is over; where the machine can tell, when all
   * that has arrived by then is heard, too.
   */
  soon(task: () => void): void
}

/** A number in [0, 1). */
export type Random = () => number

/**
 * The user's blocks. A store that is synchronous answers each call with the value itself, or throws
 * its own error; any other with an Observable of the one value, or of its error. Subscribe at once:
 * the store may be at work already. Unsubscribing does not undo a put.
 */
export interface BlockLookup {
  readonly has: (cid: CID) => NowOrLater<boolean>
  /**
   * Bytes of the block, `undefined` when it is absent. Cheaper than `get` where the store allows.
   */
  readonly size: (cid: CID) => NowOrLater<number | undefined>
  /** `undefined` when the block is absent. */
  readonly get: (cid: CID) => NowOrLater<Uint8Array | undefined>
  /** Answers once the block is stored. */
  readonly put: (cid: CID, bytes: Uint8Array) => NowOrLater<void>
}

export type { NowOrLater }
export type { Hasher, Hashers } from './message/hashers.ts'

/**
 * Who might have a block, from outside Bitswap (a DHT, a delegated router). Completes when done; an
 * error counts as the end.
 */
export interface Providers {
  findProviders(cid: CID): Observable<PeerId>
}

/** A peer that speaks Bitswap came or went. */
export type PeerEvent =
  | {
    readonly type: 'peer-up'
    readonly peer: PeerId
    /** False for peers of protocol 1.1 and before: no want-have, HAVE or DONT_HAVE. */
    readonly supportsHave: boolean
  }
  | { readonly type: 'peer-down', readonly peer: PeerId }

/** A whole, well-formed message from a peer. */
export interface Received {
  readonly type: 'message'
  readonly peer: PeerId
  readonly message: ReceivedMessage
  /** Bytes of the encoded message, without its length prefix. */
  readonly byteLength: number
}

/** What became of one message we sent. */
export type SendOutcome =
  | {
    readonly type: 'sent'
    readonly peer: PeerId
    readonly message: OutgoingMessage
    /** Bytes of the encoded message, without its length prefix. */
    readonly byteLength: number
  }
  | {
    readonly type: 'send-failed'
    readonly peer: PeerId
    readonly message: OutgoingMessage
    readonly error: Error
  }

/** A peer broke the protocol: its stream was reset, nobody else noticed. */
export interface PeerFault {
  readonly type: 'peer-fault'
  readonly peer: PeerId
  readonly error: Error
}

/** The wire. */
export interface Network {
  /** Hot. Never errors; completes when the network stops. */
  readonly message$: Observable<Received>
  /** Hot, in order per peer. A subscriber first hears, synchronously, of the peers already up. */
  readonly peer$: Observable<PeerEvent>
  /** Hot. */
  readonly fault$: Observable<PeerFault>
  /**
   * Gives the encoded size when the stream can take more, nearly always at once; a `SendError`,
   * thrown or emitted, once retries are used up. Subscribe at once: what comes later may not be
   * sent before. Messages to one peer must be sent one after another; they arrive in that order.
   */
  send(peer: PeerId, message: OutgoingMessage): NowOrLater<number>
  /**
   * Cold: dials and emits the peer once it is reachable over Bitswap; errors with a `DialError`.
   */
  connect(peer: PeerId | Multiaddr): Observable<PeerId>
  /** Stops and resumes reading from a peer, so that what we cannot absorb stays with the peer. */
  pauseReading(peer: PeerId): void
  resumeReading(peer: PeerId): void
}
