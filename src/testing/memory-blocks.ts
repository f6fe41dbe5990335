import type { CID } from 'multiformats/cid'
import { map } from 'rxjs'
import { multihashKey } from '../message/keys.ts'
import type { MultihashKey } from '../message/keys.ts'
import type { Block } from '../message/message.ts'
import { after } from '../operators/after.ts'
import type { BlockLookup, Clock, NowOrLater } from '../ports.ts'

export type StoreOperation = 'has' | 'size' | 'get' | 'put'

export interface MemoryBlocksOptions {
  /** What is there at the start. */
  readonly blocks?: Iterable<Block>
  /** Tells the time of delays; needed for `delayMs`. */
  readonly clock?: Clock
  /** How long an operation takes, in ms; 0, the default, answers synchronously. */
  readonly delayMs?: (operation: StoreOperation, cid: CID) => number
  /** The error an operation ends with; `undefined`, the default, lets it succeed. */
  readonly fail?: (operation: StoreOperation, cid: CID) => Error | undefined
  /** Hears of each operation as it begins. */
  readonly onCall?: (operation: StoreOperation, cid: CID) => void
}

/** A block store in memory that can be slow, fail, and change behind the node's back. */
export interface MemoryBlocks extends BlockLookup {
  /** Puts a block at once, whatever delays and failures there are. */
  add(block: Block): void
  /** Takes a block out at once. */
  remove(cid: CID): void
  /** What is there now. */
  readonly blocks: ReadonlyMap<MultihashKey, Uint8Array>
}

/**
 * An in-memory `BlockLookup`. An operation reads or writes at the end of its delay, so that what is
 * added meanwhile is found; unsubscribing before that undoes it.
 */
export const memoryBlocks = (options: MemoryBlocksOptions = {}): MemoryBlocks => {
  const blocks = new Map<MultihashKey, Uint8Array>()
  const add = ({ cid, bytes }: Block): void => { blocks.set(multihashKey(cid), bytes) }
  for (const block of options.blocks ?? []) add(block)

  const operate = <T>(operation: StoreOperation, cid: CID, run: () => T): NowOrLater<T> => {
    options.onCall?.(operation, cid)
    const end = (): T => {
      const error = options.fail?.(operation, cid)
      if (error !== undefined) throw error
      return run()
    }
    const delayMs = options.delayMs?.(operation, cid) ?? 0
    return delayMs === 0 ? end() : after(clockOf(options), delayMs).pipe(map(end))
  }

  return {
    blocks,
    add,
    remove (cid) { blocks.delete(multihashKey(cid)) },
    has: (cid) => operate('has', cid, () => blocks.has(multihashKey(cid))),
    size: (cid) => operate('size', cid, () => blocks.get(multihashKey(cid))?.byteLength),
    get: (cid) => operate('get', cid, () => blocks.get(multihashKey(cid))),
    put: (cid, bytes) => operate('put', cid, () => { add({ cid, bytes }) }),
  }
}

const clockOf = ({ clock }: MemoryBlocksOptions): Clock => {
  if (clock === undefined) throw new Error('memoryBlocks needs a clock to be slow by')
  return clock
}
