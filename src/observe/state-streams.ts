import type { PeerId } from '@libp2p/interface'
import { filter, type Observable } from 'rxjs'
import type { OpenWant } from '../client/contract.ts'
import type { Decision } from '../events.ts'
import type { Exchange, LedgerState, PeerState } from '../exchange.ts'
import { type MultihashKey, peerKey } from '../message/keys.ts'
import type { WantEntry } from '../message/message.ts'
import { stateOf } from '../operators/state-of.ts'
import type { Clock } from '../ports.ts'
import type { LedgerView } from '../server/contract.ts'
import type { Change, LiveState } from './live-state.ts'
import { settled } from './settled.ts'

export type StateStreams =
  Pick<Exchange, 'wantlist$' | 'peers$' | 'stats$' | 'peerWantlist' | 'ledger'>

export interface StateStreamsDeps {
  readonly live: LiveState
  readonly change$: Observable<Change>
  readonly decision$: Observable<Decision>
  readonly clock: Pick<Clock, 'soon'>
}

/** Each subscriber gets snapshots of its own: what was emitted never changes. */
export const stateStreams = (deps: StateStreamsDeps): StateStreams => {
  const { live, change$, decision$, clock } = deps
  const ledgerAt = (peer: PeerId): LedgerView | undefined => live.ledgers.get(peerKey(peer))
  const changed = (type: Change['type'], peer?: PeerId): Observable<Change> =>
    change$.pipe(filter((change) => change.type === type && isOf(change, peer)))
  return {
    wantlist$: stateOf(() => entriesOf(live.wants), changed('wantlist')),
    peers$: stateOf(() => new Map<string, PeerState>(live.peers), changed('peers')),
    stats$: stateOf(() => ({ ...live.stats }), decision$.pipe(settled(clock)), sameFields),
    peerWantlist: (peer) =>
      stateOf(() => new Map(ledgerAt(peer)?.wants), changed('ledger', peer), sameEntries),
    ledger: (peer) =>
      stateOf(() => ledgerOf(peer, ledgerAt(peer)), changed('ledger', peer), sameFields),
  }
}

const isOf = (change: Change, peer: PeerId | undefined): boolean =>
  change.type !== 'ledger' || peer === undefined || peerKey(change.peer) === peerKey(peer)

const entriesOf = (wants: ReadonlyMap<MultihashKey, OpenWant>): Map<MultihashKey, WantEntry> =>
  new Map(Array.from(wants, ([key, { kind, cid, priority }]) => [
    key,
    { type: kind === 'block' ? 'want-block' : 'want-have', cid, priority, sendDontHave: true },
  ]))

const ledgerOf = (peer: PeerId, ledger: LedgerView | undefined): LedgerState => {
  const { sentBytes = 0, receivedBytes = 0, exchangedBlocks = 0 } = ledger ?? {}
  const debtRatio = sentBytes / (receivedBytes + 1)
  return { peer, sentBytes, receivedBytes, exchangedBlocks, debtRatio }
}

const sameFields = <T extends object>(a: T, b: T): boolean =>
  Object.entries(a).every(([name, value]) => Object.is(value, Reflect.get(b, name)))

const sameEntries = <K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>): boolean =>
  a.size === b.size && [...a].every(([key, value]) => b.get(key) === value)
