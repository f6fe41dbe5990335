import type { CID } from 'multiformats/cid'
import type { MultihashKey } from '../message/keys.ts'
import { multihashKey } from '../message/keys.ts'
import type { Clock } from '../ports.ts'
import type { Ledgers } from './ledger.ts'
import type { LookUps } from './look-ups.ts'

/** Blocks that are said to be in the store, and may not be there yet. */
export interface Notifications {
  /** Looks for subscribed blocks at once and, while somebody still waits, again and again. */
  notify(cids: readonly CID[]): void
  /** Serves subscribed peers a block that is in the store for certain. */
  stored(cid: CID): void
  /** The block was looked up and is not there: looks again if it was notified a while ago. */
  missing(key: MultihashKey): void
  stop(): void
}

export interface NotificationsDeps {
  readonly clock: Clock
  /** From one look to the next, in ms. */
  readonly retryMs: readonly number[]
  readonly ledgers: Ledgers
  readonly lookUps: LookUps
  readonly enter: (change: () => void) => void
}

/** Notified blocks remembered, at most, for wants that come between the notify and the put. */
const MAX_REMEMBERED = 16_384

export const notifications = (deps: NotificationsDeps): Notifications => {
  const { clock, retryMs, ledgers, lookUps, enter } = deps
  /** The latest notified keys and when that was, oldest first. */
  const notified = new Map<MultihashKey, number>()
  /** How to cancel the next look for a block. */
  const retries = new Map<MultihashKey, () => void>()
  const memoryMs = retryMs.reduce((sum, delayMs) => sum + delayMs, 0)

  const look = (key: MultihashKey): void => {
    for (const ledger of ledgers.waitingFor(key) ?? []) {
      const want = ledger.wants.get(key)
      const isAsked = lookUps.find(ledger, key) !== undefined
      if (want !== undefined && !isAsked) lookUps.ask({ ledger, key, want, fromPeer: false })
    }
  }

  const remember = (key: MultihashKey): void => {
    notified.delete(key)
    notified.set(key, clock.now())
    if (notified.size <= MAX_REMEMBERED) return
    const [oldest] = notified.keys()
    if (oldest !== undefined) notified.delete(oldest)
  }

  const retry = (key: MultihashKey, attempt: number): void => {
    retries.get(key)?.()
    retries.delete(key)
    const delayMs = retryMs[attempt]
    if (delayMs === undefined || ledgers.waitingFor(key) === undefined) return
    retries.set(key, clock.after(delayMs, () => {
      enter(() => {
        look(key)
        retry(key, attempt + 1)
      })
    }))
  }

  return {
    notify: (cids) => {
      for (const cid of cids) {
        const key = multihashKey(cid)
        remember(key)
        if (ledgers.waitingFor(key) === undefined) continue
        look(key)
        retry(key, 0)
      }
    },
    stored: (cid) => {
      const key = multihashKey(cid)
      // A look-up under way may have missed it.
      if (!lookUps.isIdle) remember(key)
      look(key)
    },
    missing: (key) => {
      const since = notified.get(key)
      if (since === undefined || retries.has(key)) return
      if (clock.now() - since <= memoryMs) retry(key, 0)
    },
    stop: () => {
      for (const cancel of retries.values()) cancel()
    },
  }
}
