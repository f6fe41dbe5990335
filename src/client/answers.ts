import { type MultihashKey, multihashKey, peerKey } from '../message/keys.ts'
import type { Block, Presence } from '../message/message.ts'
import type { Clock, Received } from '../ports.ts'
import type { Arrivals } from './arrivals.ts'
import type { Asks } from './asks.ts'
import type { Request } from './contract.ts'
import type { Line } from './line.ts'
import type { Outbox } from './outbox.ts'
import { ownBytes } from './own-bytes.ts'
import type { Ranking } from './ranking.ts'
import { includes } from './scope.ts'
import type { Storing } from './storing.ts'
import type { Answer, PeerWants, Want } from './want.ts'
import { blend, newPeerWants, settle } from './want.ts'
import type { Wants } from './wants.ts'

/** What peers answer, in words, in blocks or by their silence. */
export interface Answers<R extends Request> {
  hear(received: Received): void
  /** A verified block, as a view on its message. False if nobody wants it. */
  arrived(peer: PeerWants<R>, key: MultihashKey, view: Uint8Array): boolean
  /** A wanted block that turned up in our own store. */
  foundHere(block: Block): void
  /** The peer owed an answer for too long, or cannot be asked. */
  unanswered(want: Want<R>, peer: PeerWants<R>, reason: 'timed-out' | 'send-failed'): void
}

export interface AnswersDeps<R extends Request> {
  readonly clock: Pick<Clock, 'now'>
  readonly outbox: Outbox<R>
  readonly ranking: Ranking<R>
  readonly asks: Asks<R>
  readonly line: Line<R>
  readonly wants: Wants<R>
  readonly arrivals: Arrivals<R>
  readonly storing: Storing<R>
  /** The peer's latency is known better. */
  readonly watch: (peer: PeerWants<R>) => void
}

export const answers = <R extends Request>(deps: AnswersDeps<R>): Answers<R> => {
  const { clock, outbox, ranking, asks, line, wants, arrivals, storing } = deps
  const own = ownBytes()

  /** True if the peer has not said so before. */
  const note = (want: Want<R>, peer: PeerWants<R>, answer: Answer): boolean => {
    const ask = asks.note(want, peer)
    const isNews = ask.answer !== answer
    // Also from who was given up: a late answer tells how long to wait.
    const isFirst = ask.answer === undefined || ask.answer === 'timed-out'
    // Who was not asked has answered nothing.
    if (isFirst && ask.sentAt < peer.heardAt && peer.sampledAt !== peer.heardAt) {
      learnLatency(peer, clock.now() - ask.sentAt)
      deps.watch(peer)
    }
    settle(ask)
    ask.answer = answer
    peer.lastAnswered = Math.max(peer.lastAnswered, ask.number)
    return isNews
  }

  const tell = (
    want: Want<R>,
    { peer, key }: PeerWants<R>,
    presence: Presence['type'],
  ): void => {
    if (!wants.presence.has(want)) return
    const requests = want.requests.filter(({ kind, scope }) =>
      kind === 'presence' && includes(scope, key))
    outbox.say({ type: 'presence', requests, availability: { cid: want.cid, peer, presence } })
  }

  const onHave = (want: Want<R>, peer: PeerWants<R>): void => {
    // The target keeps owing the block: a HAVE from it is no answer to a want-block.
    const owed = want.target === peer ? peer.asks.get(want.key) : undefined
    const isNews = owed === undefined ? note(want, peer, 'have') : owed.answer !== 'have'
    if (owed !== undefined) owed.answer = 'have'
    ranking.promote(peer)
    if (isNews) tell(want, peer, 'have')
    if (want.state === 'parked') line.join(want)
  }

  const onDontHave = (want: Want<R>, peer: PeerWants<R>): void => {
    if (!peer.asks.has(want.key)) return
    if (note(want, peer, 'dont-have')) tell(want, peer, 'dont-have')
    if (want.target === peer) line.moveOn(want, 'dont-have')
  }

  /** Ends the requests for the block, and hands them over. */
  const endRequests = (want: Want<R>): R[] => {
    const requests = wants.presence.has(want)
      ? want.requests.filter(({ kind }) => kind === 'block')
      : want.requests
    wants.end(want, requests, 'received')
    return requests
  }

  return {
    hear: ({ peer: id, message }) => {
      // A peer that is not up (yet) may deliver all the same; nothing is kept of it.
      const known = ranking.peers.get(peerKey(id))
      const peer = known ?? newPeerWants<R>(id, true, clock.now())
      peer.heardAt = clock.now()
      arrivals.receive(peer, message.blocks)
      if (known === undefined) return
      for (const { type, cid } of message.presences) {
        const want = wants.open.get(multihashKey(cid))
        if (want === undefined) continue
        if (type === 'have') onHave(want, peer)
        else onDontHave(want, peer)
      }
    },
    arrived: (peer, key, view) => {
      const want = wants.open.get(key)
      if (want === undefined) return false
      const isUp = ranking.peers.get(peer.key) === peer
      if (isUp) {
        if (note(want, peer, 'have')) tell(want, peer, 'have')
        peer.blockBytes = blend(peer.blockBytes, view.byteLength)
        ranking.promote(peer)
      }
      if (want.kind === 'presence') return true
      const { cid, since } = want
      const requests = endRequests(want)
      storing.store({ key, block: { cid, bytes: own(view) }, from: peer, since, requests })
      return true
    },
    foundHere: (block) => {
      const want = wants.open.get(multihashKey(block.cid))
      if (want?.kind !== 'block') return
      outbox.say({ type: 'deliver', requests: endRequests(want), block, from: undefined })
    },
    unanswered: (want, peer, reason) => {
      const ask = peer.asks.get(want.key)
      if (ask === undefined) return
      settle(ask)
      ask.answer = 'timed-out'
      if (want.target === peer) line.moveOn(want, reason)
    },
  }
}

/** One sample for each message: the blocks of one answer were on the way together. */
const learnLatency = <R extends Request>(peer: PeerWants<R>, sampleMs: number): void => {
  peer.sampledAt = peer.heardAt
  const { latencyMs } = peer
  if (latencyMs !== undefined) peer.jitterMs = blend(peer.jitterMs, Math.abs(sampleMs - latencyMs))
  peer.latencyMs = blend(latencyMs, sampleMs)
}
