import type { WantEntry, WantType } from '../message/message.ts'
import type { ClientOptions } from '../options.ts'
import type { Clock } from '../ports.ts'
import type { Request } from './contract.ts'
import type { Haste, Outbox } from './outbox.ts'
import { broadcastLimit } from './peer-choice.ts'
import type { Ranking } from './ranking.ts'
import type { Answer, Ask, PeerWants, Want } from './want.ts'
import { scopesOf, settle } from './want.ts'

/** Who was asked for what: the truth that the wire is told, and from which it is repaired. */
export interface Asks<R extends Request> {
  /** Asks the peer for the block, or whether it has it. */
  ask(want: Want<R>, peer: PeerWants<R>, type: WantType, awaited: boolean): void
  /** Tells the next peers worth asking that the block is wanted, without asking for it. */
  tellOthers(want: Want<R>): void
  /** Asks all in scope of a presence request. */
  tellAll(want: Want<R>): void
  /** A HAVE or block from a peer that was not asked counts as an answer, too. */
  note(want: Want<R>, peer: PeerWants<R>): Ask<R>
  /** Takes the want back from all who were asked, the deliverer too. */
  cancel(want: Want<R>): void
  /** The peer is gone, or never got the want. */
  drop(want: Want<R>, peer: PeerWants<R>): void
}

export interface AsksDeps<R extends Request> {
  readonly clock: Pick<Clock, 'now'>
  readonly options: ClientOptions
  readonly ranking: Ranking<R>
  readonly outbox: Outbox<R>
  /** The peer owes an answer. */
  readonly watch: (peer: PeerWants<R>) => void
}

export const asks = <R extends Request>(deps: AsksDeps<R>): Asks<R> => {
  const { clock, options, ranking, outbox } = deps

  const record = (
    want: Want<R>,
    peer: PeerWants<R>,
    type: WantType,
    awaited = false,
    sendDontHave = false,
    answer?: Answer,
  ): Ask<R> => {
    want.asked ??= new Map()
    peer.asks.set(want.key, want)
    peer.asksSent += 1
    const ask: Ask<R> = {
      peer, type, sentAt: clock.now(), number: peer.asksSent, awaited, sendDontHave, answer,
    }
    want.asked.set(peer.key, ask)
    return ask
  }

  const ask = (
    want: Want<R>,
    peer: PeerWants<R>,
    type: WantType,
    awaited: boolean,
    when: Haste = 'at-once',
  ): void => {
    const known = want.asked?.get(peer.key)
    if (known !== undefined) settle(known)
    // Who was given up and is asked again may answer after all.
    const answer = known?.answer === 'timed-out' ? undefined : known?.answer
    const entry = entryOf(want, peer, type)
    record(want, peer, type, awaited, entry.sendDontHave, answer)
    outbox.tell(peer, entry, when)
    if (!awaited) return
    peer.awaited += 1
    // What is owed later falls due later.
    if (peer.awaited === 1) deps.watch(peer)
  }

  /** Tells those whom the requests of this kind may ask. */
  const tell = (want: Want<R>, kind: Request['kind']): void => {
    // An answer that is owed is waited for.
    const awaited = isAnswerOwed(want)
    const when = awaited || kind === 'presence' ? 'at-once' : 'at-leisure'
    for (const scope of scopesOf(want, kind)) {
      let left = kind === 'block' ? broadcastLimit(want, options) : Infinity
      ranking.walk(scope, (peer) => {
        if (peer === want.target || !peer.supportsHave) return true
        const known = want.asked?.get(peer.key)
        if (known === undefined || owesMore(known, isTargeted(want, peer), awaited)) {
          ask(want, peer, 'want-have', awaited, when)
        }
        left -= 1
        return left > 0
      })
    }
  }

  return {
    ask,
    tellOthers: (want) => {
      if (ranking.peers.size > 1) tell(want, 'block')
    },
    tellAll: (want) => {
      tell(want, 'presence')
    },
    note: (want, peer) => want.asked?.get(peer.key) ?? record(want, peer, 'want-have'),
    cancel: (want) => {
      for (const asked of want.asked?.values() ?? []) {
        // Who was only told, and has answered with a HAVE, sends nothing that a cancel could save.
        const isIdle = asked.type === 'want-have' && asked.answer === 'have'
        settle(asked)
        asked.peer.asks.delete(want.key)
        const entry = { type: 'cancel', cid: want.cid } as const
        outbox.tell(asked.peer, entry, isIdle ? 'at-leisure' : 'at-once')
      }
      want.asked = undefined
    },
    drop: (want, peer) => {
      const asked = want.asked?.get(peer.key)
      if (asked === undefined) return
      settle(asked)
      peer.asks.delete(want.key)
      want.asked?.delete(peer.key)
    },
  }
}

/**
 * Only a presence request that is to end needs every answer; a HAVE that never comes is no loss.
 */
const isAnswerOwed = <R extends Request>({ requests }: Want<R>): boolean =>
  requests.some(({ kind, discovery }) => kind === 'presence' && !discovery)

/** The peer was only told of the want, and now its answer matters. */
const owesMore = <R extends Request>(
  { answer, sendDontHave, awaited }: Ask<R>,
  mustSendDontHave: boolean,
  mustAnswer: boolean,
): boolean =>
  answer === undefined && ((mustSendDontHave && !sendDontHave) || (mustAnswer && !awaited))

/** Entries to a chosen peer want a DONT_HAVE; a broadcast to whoever is connected does not. */
const isTargeted = <R extends Request>({ requests }: Want<R>, peer: PeerWants<R>): boolean =>
  requests.some(({ kind, discovery, scope }) => kind === 'presence'
    || !discovery
    || scope.members !== 'everyone'
    || scope.preferred.has(peer.key))

const entryOf = <R extends Request>(
  want: Want<R>,
  peer: PeerWants<R>,
  type: WantType,
): WantEntry => ({
  type,
  cid: want.cid,
  priority: want.priority,
  sendDontHave: type === 'want-block' || isTargeted(want, peer),
})
