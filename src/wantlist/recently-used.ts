/** Something known of each of the blocks that were used last. */
export interface RecentlyUsed<K, V> {
  get(key: K): V | undefined
  /** A value in place of another weighs as much. */
  set(key: K, value: V): void
}

/**
 * Keeps values of at most `maxWeight` in all, and at least the half of it that was used last.
 * Two generations rather than one map in order of use: forgetting then costs nothing per entry.
 */
export const recentlyUsed = <K, V>(
  maxWeight: number,
  weightOf: (value: V) => number = () => 1,
): RecentlyUsed<K, V> => {
  let young = new Map<K, V>()
  let old = new Map<K, V>()
  let youngWeight = 0

  const set = (key: K, value: V): void => {
    const weight = young.has(key) ? 0 : weightOf(value)
    if (youngWeight + weight > maxWeight / 2) {
      old = young
      young = new Map()
      youngWeight = 0
    }
    young.set(key, value)
    youngWeight += weight
  }

  return {
    set,
    get: (key) => {
      const value = young.get(key) ?? old.get(key)
      if (value !== undefined) set(key, value)
      return value
    },
  }
}
