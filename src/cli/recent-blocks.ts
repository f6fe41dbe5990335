import { NotFoundError } from 'interface-store'
import type { LocalBlockstore } from '../adapters/blockstore.ts'
import { type MultihashKey, multihashKey } from '../message/keys.ts'
import { recentlyUsed } from '../wantlist/recently-used.ts'

/** Enough for what a file repeats; the file itself is on disk. */
const MAX_BYTES = 8 * 1024 * 1024

/** A blockstore in memory that holds the blocks used last, so that a transfer of any size fits. */
export const recentBlocks = (): LocalBlockstore => {
  const blocks = recentlyUsed<MultihashKey, Uint8Array>(MAX_BYTES, ({ byteLength }) => byteLength)
  return {
    has: (cid) => blocks.get(multihashKey(cid)) !== undefined,
    size: (cid) => blocks.get(multihashKey(cid))?.byteLength,
    put: (cid, bytes) => {
      if (bytes instanceof Uint8Array) blocks.set(multihashKey(cid), bytes)
      return cid
    },
    * get (cid) {
      const bytes = blocks.get(multihashKey(cid))
      if (bytes === undefined) throw new NotFoundError(`${cid} is not held any more`)
      yield bytes
    },
  }
}
