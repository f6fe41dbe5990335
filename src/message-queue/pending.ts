import type { Delta } from '../message/delta.ts'
import { cidKey, type CidKey, multihashKey, type MultihashKey } from '../message/keys.ts'
import type {
  Block, OutgoingMessage, Presence, WantEntry, WantlistEntry,
} from '../message/message.ts'
import { mergeEntry } from '../wantlist/merge-entry.ts'

/** What waits to be said to one peer: at most one word on each block, however many deltas came. */
export interface Pending {
  readonly entries: Map<MultihashKey, WantlistEntry>
  /** By whole CID: blocks that share a multihash differ on the wire. */
  readonly blocks: Map<CidKey, Block>
  readonly presences: Map<CidKey, Presence>
  pendingBytes: number
}

export const nothingPending = (): Pending => ({
  entries: new Map(),
  blocks: new Map(),
  presences: new Map(),
  pendingBytes: 0,
})

/** `pendingBytes` alone is not worth a message: it waits for the next one. */
export const isNothing = ({ entries, blocks, presences }: Pending): boolean =>
  entries.size === 0 && blocks.size === 0 && presences.size === 0

/** Adds a delta, in place. `held`: the blocks of which the peer has been sent a want. */
export const merge = (
  pending: Pending,
  { entries = [], blocks = [], presences = [], pendingBytes }: Delta,
  held: ReadonlySet<MultihashKey>,
): Pending => {
  for (const entry of entries) addEntry(pending.entries, entry, held)
  for (const block of blocks) addBlock(pending, block)
  for (const presence of presences) addPresence(pending, presence)
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

/** A block says that it is there. */
const addBlock = ({ blocks, presences }: Pending, block: Block): void => {
  const key = cidKey(block.cid)
  blocks.set(key, block)
  presences.delete(key)
}

/** Of HAVE and DONT_HAVE the later is right. */
const addPresence = ({ blocks, presences }: Pending, presence: Presence): void => {
  const key = cidKey(presence.cid)
  if (!blocks.has(key)) presences.set(key, presence)
}

/** One message, of any size. Cancels go first, then wants by priority, as boxo orders them. */
export const messageOf = (pending: Pending): OutgoingMessage => ({
  wantlist: { entries: inOrder(pending.entries.values()), full: false },
  blocks: [...pending.blocks.values()],
  presences: [...pending.presences.values()],
  pendingBytes: pending.pendingBytes,
})

const inOrder = (entries: Iterable<WantlistEntry>): readonly WantlistEntry[] => {
  const cancels: WantlistEntry[] = []
  const wants: WantEntry[] = []
  for (const entry of entries) {
    if (entry.type === 'cancel') cancels.push(entry)
    else wants.push(entry)
  }
  return [...cancels, ...wants.sort((a, b) => b.priority - a.priority)]
}
