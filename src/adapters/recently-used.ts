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
    if (young.has(key)) return
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
      const value = young.get(key) ?? old.get(key)
      if (value !== undefined) keep(key, value)
      return value
    },
    set: (cid, value) => {
      keep(multihashKey(cid), value)
    },
  }
}
