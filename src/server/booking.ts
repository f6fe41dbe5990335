import type { PeerId } from '@libp2p/interface'
import type { MultihashKey } from '../message/keys.ts'
import { multihashKey } from '../message/keys.ts'
import type { Block, Presence } from '../message/message.ts'
import type { SendOutcome } from '../ports.ts'
import type { Ledger, Ledgers } from './ledger.ts'
import type { LookUps } from './look-ups.ts'
import type { PeerRequestQueue } from './peer-request-queue.ts'

export interface Booking {
  /**
   * A want is served once its block was sent, a want-have also by a HAVE. What could not be sent is
   * not tried again here, on a stream that is broken: its want waits.
   */
  outcome(outcome: SendOutcome): void
  /** The peer sent a block that was wanted. */
  received(peer: PeerId, byteLength: number): void
}

export interface BookingDeps {
  readonly ledgers: Ledgers
  readonly lookUps: LookUps
  readonly queue: PeerRequestQueue
  /** Something was traded. */
  readonly booked: (ledger: Ledger) => void
  readonly unserved: (peer: PeerId, key: MultihashKey) => void
}

/** Keeps the accounts of what was traded, and closes what it was owed for. */
export const booking = ({ ledgers, lookUps, queue, booked, unserved }: BookingDeps): Booking => {
  const book = (ledger: Ledger, trade: 'sentBytes' | 'receivedBytes', byteLength: number): void => {
    ledger[trade] += byteLength
    ledger.exchangedBlocks += 1
    booked(ledger)
  }

  const block = (ledger: Ledger, { type, peer }: SendOutcome, { cid, bytes }: Block): void => {
    const key = multihashKey(cid)
    const task = queue.settle(peer, key, 'block')
    if (type === 'sent') book(ledger, 'sentBytes', bytes.byteLength)
    if (task === undefined) return
    if (type === 'send-failed') {
      unserved(peer, key)
      return
    }
    // A repeat that came meanwhile, and is being looked up, is served by it, too.
    ledgers.drop(ledger, key)
    lookUps.withdraw(ledger, key)
  }

  const presence = (ledger: Ledger, { type, peer }: SendOutcome, sent: Presence): void => {
    const key = multihashKey(sent.cid)
    const task = queue.settle(peer, key, sent.type)
    if (task?.type !== 'have') return
    if (type === 'send-failed') unserved(peer, key)
    else if (ledger.wants.get(key)?.type === 'want-have') ledgers.drop(ledger, key)
  }

  return {
    outcome: (outcome) => {
      const { peer, message } = outcome
      const ledger = ledgers.of(peer)
      if (ledger === undefined) return
      for (const sent of message.blocks) block(ledger, outcome, sent)
      for (const sent of message.presences) presence(ledger, outcome, sent)
    },
    received: (peer, byteLength) => {
      const ledger = ledgers.of(peer)
      if (ledger !== undefined) book(ledger, 'receivedBytes', byteLength)
    },
  }
}
