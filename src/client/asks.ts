import type { WantEntry, WantType } from '../message/message.ts'
import type { ClientOptions } from '../options.ts'
import type { Clock } from '../ports.ts'
import type { Request } from './contract.ts'
import type { Haste, Outbox } from './outbox.ts'
import { broadcastLimit } from './peer-choice.ts'
import type { Ranking } from './ranking.ts'
import type { Ask, PeerWants, Want } from './want.ts'
import { newAsk, scopesOf, settle } from './want.ts'

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
  /** The peer is gone. */
  drop(ask: Ask<R>): void
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

  const record = (want: Want<R>, peer: PeerWants<R>): Ask<R> => {
    const ask = newAsk(want, peer, clock.now())
    peer.asks.set(want.key, ask)
    if (want.asked === undefined) want.asked = [ask]
    else want.asked.push(ask)
    return ask
  }

  const note = (want: Want<R>, peer: PeerWants<R>): Ask<R> =>
    peer.asks.get(want.key) ?? record(want, peer)

  const ask = (
    want: Want<R>,
    peer: PeerWants<R>,
    type: WantType,
    awaited: boolean,
    when: Haste = 'at-once',
  ): void => {
    const entry = entryOf(want, peer, type)
    const asked = note(want, peer)
    settle(asked)
    // Who was given up and is asked again may answer after all.
    if (asked.answer === 'timed-out') asked.answer = undefined
    asked.type = type
    asked.sentAt = clock.now()
    peer.asksSent += 1
    asked.number = peer.asksSent
    asked.awaited = awaited
    asked.sendDontHave = entry.sendDontHave
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
        if (owesMore(peer.asks.get(want.key), isTargeted(want, peer), awaited)) {
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
    note,
    cancel: (want) => {
      for (const asked of want.asked ?? []) {
        // Who was only told, and has answered with a HAVE, sends nothing that a cancel could save.
        const isIdle = asked.type === 'want-have' && asked.answer === 'have'
        settle(asked)
        asked.peer.asks.delete(want.key)
        const entry = { type: 'cancel', cid: want.cid } as const
        outbox.tell(asked.peer, entry, isIdle ? 'at-leisure' : 'at-once')
      }
      want.asked = undefined
    },
    drop: (ask) => {
      const { want, peer } = ask
      settle(ask)
      peer.asks.delete(want.key)
      want.asked?.splice(want.asked.indexOf(ask), 1)
    },
  }
}

/**
 * Only a presence request that is to end needs every answer; a HAVE that never comes is no loss.
 */
const isAnswerOwed = <R extends Request>({ requests }: Want<R>): boolean =>
  requests.some(({ kind, discovery }) => kind === 'presence' && !discovery)

/** The peer was not told of the want, or only told, and now its answer matters. */
const owesMore = <R extends Request>(
  ask: Ask<R> | undefined,
  mustSendDontHave: boolean,
  mustAnswer: boolean,
): boolean =>
  ask === undefined || (ask.answer === undefined
    && ((mustSendDontHave && !ask.sendDontHave) || (mustAnswer && !ask.awaited)))

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
