import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import type { MultihashKey, PeerKey } from '../message/keys.ts'
import { peerKey } from '../message/keys.ts'
import type { WantType } from '../message/message.ts'
import type { OpenWant, Request, Scope } from './contract.ts'

/** What a peer that was asked is known to say. */
export type Answer = 'have' | 'dont-have' | 'timed-out'

/** One want at one peer, from the moment it was sent until the want is over or the peer is gone. */
export interface Ask<R extends Request> {
  readonly want: Want<R>
  readonly peer: PeerWants<R>
  type: WantType
  sentAt: number
  /** The how-manieth ask of this peer; 0 if it spoke unasked. */
  number: number
  /** An answer is owed: the ask counts against the peer's window, and silence will be noticed. */
  awaited: boolean
  /** A DONT_HAVE was asked for. */
  sendDontHave: boolean
  answer: Answer | undefined
}

/**
 * - `waiting`: in line for a peer with room
 * - `active`: asked of its `target`
 * - `parked`: nobody who may be asked has it; it stays subscribed wherever it was asked
 * - `over`: no block is wanted, or wanted any more
 */
export type WantState = 'waiting' | 'active' | 'parked' | 'over'

/** One block we want, whatever the number of its subscribers. */
export interface Want<R extends Request> extends OpenWant {
  /** The highest that was asked for. */
  priority: number
  readonly key: MultihashKey
  readonly since: number
  readonly requests: R[]
  kind: 'block' | 'presence'
  state: WantState
  /** Made at the first ask: most of a hundred thousand wants only wait. */
  asked: Ask<R>[] | undefined
  target: PeerWants<R> | undefined
  /** How many targets did not have it. */
  moves: number
}

/** What we asked of one peer, and what it taught us. */
export interface PeerWants<R extends Request> {
  readonly peer: PeerId
  readonly key: PeerKey
  readonly supportsHave: boolean
  readonly asks: Map<MultihashKey, Ask<R>>
  /** Asks that are owed an answer. */
  awaited: number
  asksSent: number
  /** The latest ask that was answered: those a whole window before it have been overtaken. */
  lastAnswered: number
  heardAt: number
  /** Mean time to an answer, in ms; unknown before the first. */
  latencyMs: number | undefined
  /** Mean deviation from that, in ms. */
  jitterMs: number
  /** The message from which the latency was last learned, by the time it came. */
  sampledAt: number
  /** Mean size of its blocks; unknown before the first. */
  blockBytes: number | undefined
  /** Bytes received and not in the store yet. */
  unstoredBytes: number
  paused: boolean
  /** Bytes of blocks nobody wanted. */
  unwantedBytes: number
}

export const newWant = <R extends Request>(
  key: MultihashKey,
  cid: CID,
  request: R,
  now: number,
): Want<R> => ({
  key,
  cid,
  since: now,
  priority: -Infinity,
  requests: [request],
  kind: 'presence',
  state: 'over',
  asked: undefined,
  target: undefined,
  moves: 0,
})

export const newPeerWants = <R extends Request>(
  peer: PeerId,
  supportsHave: boolean,
  now: number,
): PeerWants<R> => ({
  peer,
  key: peerKey(peer),
  supportsHave,
  asks: new Map(),
  awaited: 0,
  asksSent: 0,
  lastAnswered: 0,
  heardAt: now,
  latencyMs: undefined,
  jitterMs: 0,
  sampledAt: -Infinity,
  blockBytes: undefined,
  unstoredBytes: 0,
  paused: false,
  unwantedBytes: 0,
})

/** Of a peer that was asked nothing, until it is. */
export const newAsk = <R extends Request>(
  want: Want<R>,
  peer: PeerWants<R>,
  now: number,
): Ask<R> => ({
  want,
  peer,
  type: 'want-have',
  sentAt: now,
  number: 0,
  awaited: false,
  sendDontHave: false,
  answer: undefined,
})

/** No answer is owed any more. */
export const settle = <R extends Request>(ask: Ask<R> | undefined): void => {
  if (ask?.awaited !== true) return
  ask.awaited = false
  ask.peer.awaited -= 1
}

/** Recent values weigh half: boxo `MessageLatencyAlpha`. */
export const blend = (mean: number | undefined, sample: number): number =>
  mean === undefined ? sample : (mean + sample) / 2

/** The scopes of a want's requests of one kind, each once. */
export const scopesOf = <R extends Request>(
  { requests }: Want<R>,
  of: Request['kind'],
): Iterable<Scope> => {
  const scopes = new Set<Scope>()
  for (const { kind, scope } of requests) if (kind === of) scopes.add(scope)
  return scopes
}
