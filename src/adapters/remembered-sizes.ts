import type { CID } from 'multiformats/cid'
import { multihashKey } from '../message/keys.ts'
import type { MultihashKey } from '../message/keys.ts'

/** Sizes of blocks, in bytes, of which the older half goes when there are more than `max`. */
export interface RememberedSizes {
  get(cid: CID): number | undefined
  set(cid: CID, byteLength: number): void
}

/** Two generations rather than one map in order of use: forgetting then costs nothing per entry. */
export const rememberedSizes = (max: number): RememberedSizes => {
  let young = new Map<MultihashKey, number>()
  let old = new Map<MultihashKey, number>()

  const remember = (key: MultihashKey, byteLength: number): void => {
    if (young.size >= max / 2) {
      old = young
      young = new Map()
    }
    young.set(key, byteLength)
  }

  return {
    get: (cid) => {
      if (young.size === 0) return undefined
      const key = multihashKey(cid)
      const recent = young.get(key)
      if (recent !== undefined) return recent
      const aged = old.get(key)
      if (aged !== undefined) remember(key, aged)
      return aged
    },
    set: (cid, byteLength) => remember(multihashKey(cid), byteLength),
  }
}
