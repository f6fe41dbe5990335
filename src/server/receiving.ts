import type { PeerId } from '@libp2p/interface'
import { multihashKey } from '../message/keys.ts'
import type { MessageWantlist, WantEntry, WantlistEntry } from '../message/message.ts'
import type { Ledger, Ledgers } from './ledger.ts'
import type { LookUps } from './look-ups.ts'
import type { PeerRequestQueue } from './peer-request-queue.ts'
import { newTask } from './task.ts'

export interface ReceivingDeps {
  readonly ledgers: Ledgers
  readonly lookUps: LookUps
  readonly queue: PeerRequestQueue
  readonly maxEntries: number
}

/**
 * A peer may have this many times what a ledger holds looked up at once: in a list that is longer
 * than the ledger, the blocks we have are found among those we lack.
 */
const LOOKED_UP_PER_ENTRY = 2

/**
 * What a peer's wantlist does: cancels first, they are never refused; then a full list takes the
 * place of what was held; then each want is looked up. Peers that are not up are not heard: what
 * arrives after its connection has closed would leave a ledger behind for ever.
 */
export const receiving = (deps: ReceivingDeps) =>
  (peer: PeerId, { entries, full }: MessageWantlist): void => {
    const { ledgers, lookUps, queue } = deps
    const ledger = ledgers.of(peer)
    if (ledger === undefined) return
    const wants = entries.filter(isWant)
    if (full) {
      const listed = new Set(wants.map(({ cid }) => multihashKey(cid)))
      queue.retain(peer, listed)
      ledgers.dropAll(ledger)
      lookUps.withdrawAll(ledger)
    }
    for (const { type, cid } of entries) {
      if (type !== 'cancel') continue
      const key = multihashKey(cid)
      ledgers.drop(ledger, key)
      lookUps.withdraw(ledger, key)
      queue.withdraw(peer, key)
    }
    const max = LOOKED_UP_PER_ENTRY * deps.maxEntries - lookUps.count(ledger)
    const isTooMany = wants.length > max
    const ranked = isTooMany ? wants.toSorted((a, b) => b.priority - a.priority) : wants
    ranked.forEach((want, index) => (index < max ? ask : refuse)(deps, ledger, want))
  }

const isWant = (entry: WantlistEntry): entry is WantEntry => entry.type !== 'cancel'

const ask = ({ lookUps }: ReceivingDeps, ledger: Ledger, want: WantEntry): void => {
  const key = multihashKey(want.cid)
  const open = lookUps.find(ledger, key)
  if (open === undefined) {
    lookUps.ask({ ledger, key, want: mergeWants(ledger.wants.get(key), want), fromPeer: true })
  } else {
    const sendDontHave = open.want.sendDontHave || want.sendDontHave
    open.want = { ...mergeWants(open.want, want), sendDontHave }
    open.fromPeer = true
  }
}

/** The newer want counts, but a want-have never takes back that the block itself was wanted. */
const mergeWants = (held: WantEntry | undefined, want: WantEntry): WantEntry =>
  held?.type === 'want-block' && want.type === 'want-have' ? { ...want, type: 'want-block' } : want

const refuse = ({ queue, lookUps }: ReceivingDeps, ledger: Ledger, want: WantEntry): void => {
  const key = multihashKey(want.cid)
  // A repeat of what is being looked up is answered with that.
  if (!want.sendDontHave || lookUps.find(ledger, key) !== undefined) return
  queue.push(ledger.peer, newTask(key, want, 'dont-have'))
}
