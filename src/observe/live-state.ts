import type { PeerId } from '@libp2p/interface'
import type { Observable } from 'rxjs'
import type { OpenWant } from '../client/contract.ts'
import type { Decision } from '../events.ts'
import type { PeerState, Stats } from '../exchange.ts'
import { type MultihashKey, peerKey, type PeerKey } from '../message/keys.ts'
import { trampoline } from '../operators/trampoline.ts'
import type { LedgerView } from '../server/contract.ts'
import { tally } from './stats.ts'

/** What a node knows of itself, live: read it, do not keep it. */
export interface LiveState {
  readonly wants: ReadonlyMap<MultihashKey, OpenWant>
  readonly peers: ReadonlyMap<PeerKey, PeerState>
  readonly ledgers: ReadonlyMap<PeerKey, LedgerView>
  readonly stats: Stats
}

/** Which part of the state changed, and whose. */
export type Change =
  | { readonly type: 'wantlist' | 'peers' }
  | { readonly type: 'ledger', readonly peer: PeerId }

/** Keeps the state from what the cores and the diary tell. */
export interface StateKeeper {
  readonly live: LiveState
  readonly change$: Observable<Change>
  note(decision: Decision): void
  noteWants(wants: ReadonlyMap<MultihashKey, OpenWant>): void
  noteLedger(ledger: LedgerView): void
  complete(): void
}

export const liveState = (): StateKeeper => {
  const { stats, count } = tally()
  const peers = new Map<PeerKey, PeerState>()
  const ledgers = new Map<PeerKey, LedgerView>()
  const changes = trampoline<Change>()
  let wants: ReadonlyMap<MultihashKey, OpenWant> = new Map()

  return {
    live: { get wants () { return wants }, peers, ledgers, stats },
    change$: changes.event$,
    note: (decision) => {
      count(decision)
      if (decision.type === 'peer-up') {
        const { peer, supportsHave } = decision
        peers.set(peerKey(peer), { peer, supportsHave })
      } else if (decision.type === 'peer-down') {
        peers.delete(peerKey(decision.peer))
      } else return
      changes.next({ type: 'peers' })
    },
    noteWants: (changed) => {
      wants = changed
      changes.next({ type: 'wantlist' })
    },
    noteLedger: (ledger) => {
      const { peer } = ledger
      // A ledger outlives its peer by one, empty, note.
      if (peers.has(peerKey(peer))) ledgers.set(peerKey(peer), ledger)
      else ledgers.delete(peerKey(peer))
      changes.next({ type: 'ledger', peer })
    },
    complete: changes.complete,
  }
}
