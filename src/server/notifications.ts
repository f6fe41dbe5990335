import type { CID } from 'multiformats/cid'
import type { MultihashKey } from '../message/keys.ts'
import { multihashKey } from '../message/keys.ts'
import type { Clock } from '../ports.ts'
import { recentlyUsed } from '../wantlist/recently-used.ts'
import type { Ledgers } from './ledger.ts'
import type { LookUps } from './look-ups.ts'

/** Blocks that are said to be in the store, and may not be there yet. */
export interface Notifications {
  /** Looks for subscribed blocks at once and, while somebody still waits, again and again. */
  notify(cids: readonly CID[]): void
  /** Serves subscribed peers a block that is in the store for certain. */
  stored(key: MultihashKey): void
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

interface Notice {
  readonly at: number
  /** How often it was looked for again. */
  looks: number
}

/** Notified blocks remembered, at most, for wants that come between the notify and the put. */
const MAX_REMEMBERED = 16_384

export const notifications = (deps: NotificationsDeps): Notifications => {
  const { clock, retryMs, ledgers, lookUps, enter } = deps
  const notified = recentlyUsed<MultihashKey, Notice>(MAX_REMEMBERED)
  /** How to cancel the next look for a block. */
  const retries = new Map<MultihashKey, () => void>()
  const memoryMs = retryMs.reduce((sum, delayMs) => sum + delayMs, 0)

  const look = (key: MultihashKey): void => {
    for (const ledger of ledgers.waitingFor(key) ?? []) {
      const want = ledger.wants.get(key)!
      if (lookUps.find(ledger, key) === undefined) {
        lookUps.ask({ ledger, key, want, fromPeer: false })
      }
    }
  }

  const remember = (key: MultihashKey): Notice => {
    const notice = { at: clock.now(), looks: 0 }
    notified.set(key, notice)
    return notice
  }

  /** Goes on where it was: a block that is there and cannot be read is missing after each look. */
  const retry = (key: MultihashKey, notice: Notice): void => {
    retries.get(key)?.()
    retries.delete(key)
    const delayMs = retryMs[notice.looks]
    if (delayMs === undefined || ledgers.waitingFor(key) === undefined) return
    retries.set(key, clock.after(delayMs, () => {
      enter(() => {
        notice.looks += 1
        look(key)
        retry(key, notice)
      })
    }))
  }

  const announce = (key: MultihashKey): void => {
    const notice = remember(key)
    look(key)
    retry(key, notice)
  }

  return {
    notify: (cids) => {
      cids.forEach((cid) => announce(multihashKey(cid)))
    },
    stored: (key) => {
      // A look-up under way may have missed it.
      const serve = lookUps.isIdle ? look : announce
      serve(key)
    },
    missing: (key) => {
      const notice = notified.get(key)
      if (notice === undefined || retries.has(key)) return
      if (clock.now() - notice.at <= memoryMs) retry(key, notice)
    },
    stop: () => {
      for (const cancel of retries.values()) cancel()
    },
  }
}
