/** What a message says twice it says once: boxo's rules, for what is sent and what is received. */
import type { CID } from 'multiformats/cid'
import { cidKey, type CidKey } from './keys.ts'
import type { Block, OutgoingMessage, Presence, WantlistEntry } from './message.ts'

/**
 * One entry for each CID, in order of first mention. A cancel sticks; a want-block overrides a
 * want-have, never the reverse; `sendDontHave` only turns on; a new priority counts if the want is
 * of the same type.
 */
export const mergeEntries = (entries: readonly WantlistEntry[]): readonly WantlistEntry[] =>
  mergeByCid(entries, mergeTwo)

/** One presence for each CID: the latest. */
export const mergePresences = (presences: readonly Presence[]): readonly Presence[] =>
  mergeByCid(presences, (_, latest) => latest)

/** Of a message to send: merged entries, each block once, and no presence beside its block. */
export const mergeMessage = (message: OutgoingMessage): OutgoingMessage => ({
  ...message,
  wantlist: { ...message.wantlist, entries: mergeEntries(message.wantlist.entries) },
  ...mergeAnswers(message),
})

/** Each block once, and no presence beside its block. */
export const mergeAnswers = (
  { blocks, presences }: Pick<OutgoingMessage, 'blocks' | 'presences'>,
): Pick<OutgoingMessage, 'blocks' | 'presences'> => {
  const once = mergeByCid(blocks, (first: Block) => first)
  const sent = new Set(presences.length > 0 ? once.map(({ cid }) => cidKey(cid)) : [])
  const latest = mergePresences(presences)
  return { blocks: once, presences: latest.filter(({ cid }) => !sent.has(cidKey(cid))) }
}

const mergeTwo = (earlier: WantlistEntry, later: WantlistEntry): WantlistEntry => {
  if (earlier.type === 'cancel') return earlier
  if (later.type === 'cancel') return later
  return {
    type: later.type === 'want-block' ? later.type : earlier.type,
    cid: earlier.cid,
    priority: later.type === earlier.type ? later.priority : earlier.priority,
    sendDontHave: earlier.sendDontHave || later.sendDontHave,
  }
}

const mergeByCid = <T extends { readonly cid: CID }>(
  items: readonly T[],
  merge: (earlier: T, later: T) => T,
): readonly T[] => {
  if (items.length < MAX_COMPARED && areDistinct(items)) return items
  const byCid = new Map<CidKey, T>()
  for (const item of items) {
    const key = cidKey(item.cid)
    const earlier = byCid.get(key)
    byCid.set(key, earlier === undefined ? item : merge(earlier, item))
  }
  return [...byCid.values()]
}

/** In longer lists some digests begin alike; and numbers, unlike keys, can be made to collide. */
const MAX_COMPARED = 2_000

/**
 * True if no CID is there twice. Digests are random: their first bytes tell nearly all short lists
 * apart that have nothing to merge, for a fifth of what their keys would cost.
 */
const areDistinct = (items: readonly { readonly cid: CID }[]): boolean => {
  const starts = items.map(({ cid: { multihash: { digest } } }) =>
    digest[0]! << 16 | digest[1]! << 8 | digest[2]!)
  return new Set(starts).size === items.length
}
