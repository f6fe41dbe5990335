import type { Observable } from 'rxjs'
import type { ClientOutput, OpenWant, Request } from '../client/contract.ts'
import type { Decision } from '../events.ts'
import type { PeerState, Stats } from '../exchange.ts'
import { type MultihashKey, peerKey, type PeerKey } from '../message/keys.ts'
import { trampoline } from '../operators/trampoline.ts'
import type { PeerEvent } from '../ports.ts'
import type { LedgerView, ServerOutput } from '../server/contract.ts'
import { count, zero } from './stats.ts'

/** What a node knows of itself, live: read it, do not keep it. */
export interface LiveState {
  readonly wants: ReadonlyMap<MultihashKey, OpenWant>
  readonly peers: ReadonlyMap<PeerKey, PeerState>
  readonly ledgers: ReadonlyMap<PeerKey, LedgerView>
  readonly stats: Stats
}

/** What changes the state, rather than a counter. */
export type Change = CoreChange | PeerEvent

/** What the cores tell of their state beside the diary. */
type CoreChange =
  | ClientOutput<Request> & { readonly type: 'wantlist' }
  | ServerOutput & { readonly type: 'ledger' }

/** Keeps the state from what the cores and the diary tell. */
export interface StateKeeper {
  readonly live: LiveState
  readonly change$: Observable<Change>
  decided(decision: Decision): void
  changed(change: CoreChange): void
  complete(): void
}

export const liveState = (): StateKeeper => {
  const stats = zero()
  const peers = new Map<PeerKey, PeerState>()
  const ledgers = new Map<PeerKey, LedgerView>()
  const changes = trampoline<Change>()
  let wants: ReadonlyMap<MultihashKey, OpenWant> = new Map()

  return {
    live: { get wants () { return wants }, peers, ledgers, stats },
    change$: changes.event$,
    decided: (decision) => {
      count(stats, decision)
      if (decision.type === 'peer-up') {
        const { peer, supportsHave } = decision
        peers.set(peerKey(peer), { peer, supportsHave })
      } else if (decision.type === 'peer-down') {
        peers.delete(peerKey(decision.peer))
      } else return
      changes.next(decision)
    },
    changed: (change) => {
      if (change.type === 'wantlist') wants = change.wants
      else {
        const key = peerKey(change.ledger.peer)
        // A ledger outlives its peer by one, empty, note.
        if (peers.has(key)) ledgers.set(key, change.ledger)
        else ledgers.delete(key)
      }
      changes.next(change)
    },
    complete: changes.complete,
  }
}
