import type { PeerId } from '@libp2p/interface'
import { multihashKey, peerKey } from '../message/keys.ts'
import type { Clock, PeerEvent } from '../ports.ts'
import type { Answers } from './answers.ts'
import type { FailedSend, Request } from './contract.ts'
import type { Outbox } from './outbox.ts'
import type { Ranking } from './ranking.ts'
import { includes } from './scope.ts'
import { askMore, type ScopesDeps } from './scopes.ts'
import { newPeerWants, type PeerWants } from './want.ts'

/** Peers come, go, or turn out not to have got what we sent. */
export interface Connections {
  change(event: PeerEvent): void
  sendFailed(outcome: FailedSend): void
}

export interface ConnectionsDeps<R extends Request> extends ScopesDeps<R> {
  readonly clock: Pick<Clock, 'now'>
  readonly outbox: Outbox<R>
  readonly ranking: Ranking<R>
  readonly unanswered: Answers<R>['unanswered']
}

export const connections = <R extends Request>(deps: ConnectionsDeps<R>): Connections => {
  const { clock, outbox, ranking, asks, line, wants } = deps

  const up = (peer: PeerId, supportsHave: boolean): void => {
    const added = newPeerWants<R>(peer, supportsHave, clock.now())
    ranking.add(added)
    askMore(deps, (scope) => includes(scope, added.key))
  }

  const down = (peer: PeerWants<R>): void => {
    ranking.remove(peer)
    outbox.forget(peer)
    for (const ask of peer.asks.values()) {
      if (ask.want.target === peer) line.moveOn(ask.want, 'peer-down')
      asks.drop(ask)
    }
  }

  return {
    change: (event) => {
      const known = ranking.peers.get(peerKey(event.peer))
      if (event.type === 'peer-down') {
        if (known !== undefined) down(known)
      } else if (known === undefined) up(event.peer, event.supportsHave)
    },
    sendFailed: ({ peer: id, message }) => {
      const peer = ranking.peers.get(peerKey(id))
      if (peer === undefined) return
      for (const entry of message.wantlist.entries) {
        const want = entry.type === 'cancel' ? undefined : wants.open.get(multihashKey(entry.cid))
        // Not asked again until the next rebroadcast or connection: others may do better.
        if (want !== undefined) deps.unanswered(want, peer, 'send-failed')
      }
    },
  }
}
