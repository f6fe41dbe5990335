import type { CID } from 'multiformats/cid'
import { multihashKey } from '../message/keys.ts'
import type { MultihashKey } from '../message/keys.ts'

/** Something known of each of the blocks that were used last. */
export interface RecentlyUsed<V> {
  get(cid: CID): V | undefined
  set(cid: CID, value: V): void
}

/**
 * Keeps values of at most `maxWeight` in all, and at least the half of it that was used last.
 * Two generations rather than one map in order of use: forgetting then costs nothing per entry.
 */
export const recentlyUsed = <V>(
  maxWeight: number,
  weightOf: (value: V) => number = () => 1,
): RecentlyUsed<V> => {
  let young = new Map<MultihashKey, V>()
  let old = new Map<MultihashKey, V>()
  let youngWeight = 0

  const keep = (key: MultihashKey, value: V): void => {
    const weight = weightOf(value)
    if (youngWeight + weight > maxWeight / 2) {
      old = young
      young = new Map()
      youngWeight = 0
    }
    young.set(key, value)
    youngWeight += weight
  }

  return {
    get: (cid) => {
      if (young.size === 0) return undefined
      const key = multihashKey(cid)
      const recent = young.get(key)
      if (recent !== undefined) return recent
      const aged = old.get(key)
      if (aged !== undefined) keep(key, aged)
      return aged
    },
    set: (cid, value) => {
      const key = multihashKey(cid)
      if (!young.has(key)) keep(key, value)
    },
  }
}
