/** Counts one more or one less of a kind; what there is none of is forgotten. */
export const countBy = <K>(counts: Map<K, number>, kind: K, change: 1 | -1): void => {
  const count = (counts.get(kind) ?? 0) + change
  if (count === 0) counts.delete(kind)
  else counts.set(kind, count)
}
