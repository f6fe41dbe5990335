import type { CID } from 'multiformats/cid'
import { Subscription } from 'rxjs'
import { after } from '../operators/after.ts'
import { nowOrLater } from '../operators/now-or-later.ts'
import type { BlockLookup, Clock } from '../ports.ts'
import type { ClientInput, Request } from './contract.ts'

/** Blocks that the application itself puts into the store: it may be the one that wants them. */
export interface LocalBlocks {
  /** Counts notices: a look into the store that began before the latest may have missed it. */
  readonly notices: number
  /** Whoever has just looked may have missed what was noticed. */
  readonly noticedLately: boolean
  /** Serves our own want of a block that is, or is about to be, in the store. */
  notice(cid: CID): void
  stop(): void
}

export interface LocalBlocksDeps {
  readonly lookup: Pick<BlockLookup, 'get'>
  readonly clock: Clock
  /** From one look to the next, in ms. */
  readonly retryMs: readonly number[]
  readonly isWanted: (cid: CID) => boolean
  readonly command: (input: ClientInput<Request> & { readonly type: 'local-block' }) => void
}

/** A look that began longer ago than this, in ms, is over. */
const LATELY_MS = 10_000

export const localBlocks = (deps: LocalBlocksDeps): LocalBlocks => {
  const { lookup, clock, retryMs, isWanted, command } = deps
  const reads = new Subscription()
  let notices = 0
  let noticedAt = -Infinity

  const look = (cid: CID, delaysMs: readonly number[]): void => {
    if (!isWanted(cid)) return
    // The store's failure is the want's concern once a peer's block is to be stored.
    reads.add(nowOrLater(cid, lookup.get, (_cid, _isLate, bytes) => {
      if (bytes !== undefined) {
        command({ type: 'local-block', block: { cid, bytes } })
        return
      }
      const [delayMs, ...later] = delaysMs
      if (delayMs === undefined) return
      reads.add(after(clock, delayMs).subscribe(() => {
        look(cid, later)
      }))
    }))
  }

  return {
    get notices () {
      return notices
    },
    get noticedLately () {
      return clock.now() - noticedAt < LATELY_MS
    },
    notice: (cid) => {
      notices += 1
      noticedAt = clock.now()
      look(cid, retryMs)
    },
    stop: () => {
      reads.unsubscribe()
    },
  }
}
