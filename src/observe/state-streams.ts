import type { PeerId } from '@libp2p/interface'
import { audit, filter, Observable } from 'rxjs'
import type { OpenWant } from '../client/contract.ts'
import type { Decision } from '../events.ts'
import type { Exchange, LedgerState, PeerState } from '../exchange.ts'
import { type MultihashKey, peerKey } from '../message/keys.ts'
import type { WantEntry } from '../message/message.ts'
import { stateOf } from '../operators/state-of.ts'
import type { Clock } from '../ports.ts'
import type { LedgerView } from '../server/contract.ts'
import type { Change, LiveState } from './live-state.ts'

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
  const wants$ = change$.pipe(filter(({ type }) => type === 'wantlist'))
  const up$ = change$.pipe(filter(({ type }) => type === 'peer-up' || type === 'peer-down'))
  // A message of a thousand blocks changes the counters once, when its run of code is over.
  const soon$ = new Observable<void>((subscriber) => clock.soon(() => subscriber.next()))
  const ledgerAt = (peer: PeerId): LedgerView | undefined => live.ledgers.get(peerKey(peer))
  const ledger$ = (peer: PeerId): Observable<Change> => change$.pipe(filter((change) =>
    change.type === 'ledger' && peerKey(change.ledger.peer) === peerKey(peer)))
  return {
    wantlist$: stateOf(() => entriesOf(live.wants), wants$, sameEntries),
    peers$: stateOf(() => new Map<string, PeerState>(live.peers), up$),
    stats$: stateOf(() => ({ ...live.stats }), decision$.pipe(audit(() => soon$)), sameFields),
    peerWantlist: (peer) =>
      stateOf(() => new Map(ledgerAt(peer)?.wants), ledger$(peer), sameEntries),
    ledger: (peer) => stateOf(() => ledgerOf(peer, ledgerAt(peer)), ledger$(peer), sameFields),
  }
}

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

const sameEntries = (
  a: ReadonlyMap<MultihashKey, WantEntry>,
  b: ReadonlyMap<MultihashKey, WantEntry>,
): boolean =>
  a.size === b.size && [...a].every(([key, entry]) => sameFields(entry, b.get(key) ?? {}))
