import type { Delta } from '../message/delta.ts'
import { cidKey, type CidKey, multihashKey, type MultihashKey } from '../message/keys.ts'
import { mergeAnswers } from '../message/merge.ts'
import type { Block, OutgoingMessage, Presence, WantlistEntry } from '../message/message.ts'
import { mergeEntry } from '../wantlist/merge-entry.ts'

/** What waits to be said to one peer. */
export interface Pending {
  readonly entries: Map<MultihashKey, WantlistEntry>
  /** In the order in which they were said. Few: the server waits for what it has handed over. */
  readonly blocks: Block[]
  /** The latest of each CID, however often a peer asks while its stream is stuck. */
  readonly presences: Map<CidKey, Presence>
  pendingBytes: number
}

export const nothingPending = (): Pending => ({
  entries: new Map(),
  blocks: [],
  presences: new Map(),
  pendingBytes: 0,
})

/** `pendingBytes` alone is not worth a message: it waits for the next one. */
export const isNothing = ({ entries, blocks, presences }: Pending): boolean =>
  entries.size + blocks.length + presences.size === 0

/** Adds a delta, in place. `held`: the blocks of which the peer has been sent a want. */
export const merge = (
  pending: Pending,
  { entries = [], blocks = [], presences = [], pendingBytes }: Delta,
  held: ReadonlySet<MultihashKey>,
): Pending => {
  for (const entry of entries) addEntry(pending.entries, entry, held)
  for (const block of blocks) pending.blocks.push(block)
  for (const presence of presences) pending.presences.set(cidKey(presence.cid), presence)
  if (pendingBytes !== undefined) pending.pendingBytes = pendingBytes
  return pending
}

const addEntry = (
  entries: Pending['entries'],
  entry: WantlistEntry,
  held: ReadonlySet<MultihashKey>,
): void => {
  const key = multihashKey(entry.cid)
  const merged = mergeEntry(entries.get(key), entry, held.has(key))
  if (merged === undefined) entries.delete(key)
  else entries.set(key, merged)
}

/** One message, of any size. Cancels go first, then wants by priority, as boxo orders them. */
export const messageOf = (pending: Pending): OutgoingMessage => ({
  wantlist: {
    entries: [...pending.entries.values()].sort((a, b) => urgency(b) - urgency(a)),
    full: false,
  },
  ...mergeAnswers({ blocks: pending.blocks, presences: [...pending.presences.values()] }),
  pendingBytes: pending.pendingBytes,
})

/** A cancel's is above every int32. */
const urgency = (entry: WantlistEntry): number =>
  entry.type === 'cancel' ? 2 ** 31 : entry.priority
