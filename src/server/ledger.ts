import type { PeerId } from '@libp2p/interface'
import type { MultihashKey, PeerKey } from '../message/keys.ts'
import { peerKey } from '../message/keys.ts'
import type { WantEntry } from '../message/message.ts'
import type { LedgerView } from './contract.ts'

/** What one peer wants and what was traded with it, from the moment it came until it is gone. */
export interface Ledger extends LedgerView {
  readonly key: PeerKey
  readonly wants: Map<MultihashKey, WantEntry>
  sentBytes: number
  receivedBytes: number
  exchangedBlocks: number
}

/**
 * Whether a want can be answered. `found`: its answer is queued or on its way. `lacking`: the block
 * is not there, or could not be read or sent; the want is a subscription to it.
 */
export type Standing = 'found' | 'lacking'

/** The ledgers of all peers, and who waits for which block. */
export interface Ledgers {
  /** The peer's ledger, if it is up. */
  of(peer: PeerId): Ledger | undefined
  open(peer: PeerId): void
  /** Forgets the peer and all its wants. */
  close(ledger: Ledger): void
  hold(ledger: Ledger, key: MultihashKey, want: WantEntry, standing: Standing): void
  drop(ledger: Ledger, key: MultihashKey): void
  dropAll(ledger: Ledger): void
  standing(ledger: Ledger, key: MultihashKey): Standing
  /** Who waits for this block; undefined if nobody does. */
  waitingFor(key: MultihashKey): ReadonlySet<Ledger> | undefined
}

/** `changed` is told of each change to what a peer wants. */
export const ledgers = (changed: (ledger: Ledger) => void): Ledgers => {
  const byPeer = new Map<PeerKey, Ledger>()
  const waiting = new Map<MultihashKey, Set<Ledger>>()

  const subscribe = (ledger: Ledger, key: MultihashKey): void => {
    const subscribers = waiting.get(key) ?? new Set()
    waiting.set(key, subscribers.add(ledger))
  }

  const unsubscribe = (ledger: Ledger, key: MultihashKey): void => {
    const subscribers = waiting.get(key)
    if (subscribers?.delete(ledger) === true && subscribers.size === 0) waiting.delete(key)
  }

  const dropAll = (ledger: Ledger): void => {
    for (const key of ledger.wants.keys()) unsubscribe(ledger, key)
    ledger.wants.clear()
    changed(ledger)
  }

  return {
    of: (peer) => byPeer.get(peerKey(peer)),
    open: (peer) => {
      const key = peerKey(peer)
      if (byPeer.has(key)) return
      const traded = { sentBytes: 0, receivedBytes: 0, exchangedBlocks: 0 }
      byPeer.set(key, { key, peer, wants: new Map(), ...traded })
    },
    close: (ledger) => {
      dropAll(ledger)
      byPeer.delete(ledger.key)
    },
    hold: (ledger, key, want, standing) => {
      ledger.wants.set(key, want)
      if (standing === 'lacking') subscribe(ledger, key)
      else unsubscribe(ledger, key)
      changed(ledger)
    },
    drop: (ledger, key) => {
      if (!ledger.wants.delete(key)) return
      unsubscribe(ledger, key)
      changed(ledger)
    },
    dropAll,
    standing: (ledger, key) => waiting.get(key)?.has(ledger) === true ? 'lacking' : 'found',
    waitingFor: (key) => waiting.get(key),
  }
}
