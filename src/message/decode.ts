import type { CID } from 'multiformats/cid'
import { InvalidMessageError } from '../errors.ts'
import { CID_V0_PREFIX, type CidPrefix, readPrefix } from './cid-prefix.ts'
import { MAX_ELEMENTS } from './limits.ts'
import { mergeEntries, mergePresences } from './merge.ts'
import type { Presence, ReceivedMessage, UnverifiedBlock, WantlistEntry } from './message.ts'
import { Reader } from './reader.ts'
import {
  BLOCK_DATA, BLOCK_PREFIX, ENTRY_CANCEL, ENTRY_CID, ENTRY_PRIORITY, ENTRY_SEND_DONT_HAVE,
  ENTRY_WANT_TYPE, MESSAGE_BLOCKS, MESSAGE_PAYLOAD, MESSAGE_PENDING_BYTES, MESSAGE_PRESENCES,
  MESSAGE_WANTLIST, PRESENCE_CID, PRESENCE_TYPE, WANTLIST_ENTRIES, WANTLIST_FULL,
} from './tags.ts'
import { NO_BYTES, plain } from './wire.ts'
import { wireCids } from './wire-cids.ts'

/**
 * The message that `bytes` hold. Blocks are views on them; CIDs are not. Entries and presences are
 * merged, those with identity or huge CIDs, or of a type nobody knows, are left out. Throws
 * `InvalidMessageError`, and nothing else, if the bytes are no Bitswap message.
 */
export const decodeMessage = (bytes: Uint8Array): ReceivedMessage => {
  try {
    return readMessage(plain(bytes))
  } catch (cause) {
    if (cause instanceof InvalidMessageError) throw cause
    throw new InvalidMessageError(
      `${bytes.byteLength} bytes are not a Bitswap message: ${String(cause)}`,
      { cause },
    )
  }
}

/** A message while it is read. */
interface Draft {
  readonly r: Reader
  readonly cidOf: (start: number, end: number) => CID | undefined
  readonly entries: WantlistEntry[]
  readonly blocks: UnverifiedBlock[]
  readonly presences: Presence[]
  full: boolean
  pendingBytes: number
  /** Includes what is left out, for that costs time too. */
  elements: number
}

const readMessage = (bytes: Uint8Array): ReceivedMessage => {
  const r = new Reader(bytes)
  const draft: Draft = {
    r,
    cidOf: wireCids(bytes),
    entries: [],
    blocks: [],
    presences: [],
    full: false,
    pendingBytes: 0,
    elements: 0,
  }
  while (r.at < r.byteLength) readField(draft, r.uint32())
  return {
    wantlist: { entries: mergeEntries(draft.entries), full: draft.full },
    blocks: draft.blocks,
    presences: mergePresences(draft.presences),
    pendingBytes: draft.pendingBytes,
  }
}

const readField = (draft: Draft, field: number): void => {
  const { r } = draft
  switch (field) {
    case MESSAGE_WANTLIST:
      readWantlist(draft)
      return
    case MESSAGE_BLOCKS:
      countOne(draft)
      draft.blocks.push({ prefix: CID_V0_PREFIX, bytes: r.view() })
      return
    case MESSAGE_PAYLOAD:
      countOne(draft)
      draft.blocks.push(readBlock(r))
      return
    case MESSAGE_PRESENCES:
      countOne(draft)
      readPresence(draft)
      return
    case MESSAGE_PENDING_BYTES:
      draft.pendingBytes = r.uint32() | 0
      return
    default:
      r.skip(field)
  }
}

const countOne = (draft: Draft): void => {
  draft.elements += 1
  if (draft.elements <= MAX_ELEMENTS) return
  throw new InvalidMessageError(`A message has more than ${MAX_ELEMENTS} elements`)
}

const readWantlist = (draft: Draft): void => {
  const { r } = draft
  const end = r.end()
  while (r.at < end) {
    const field = r.uint32()
    if (field === WANTLIST_ENTRIES) {
      countOne(draft)
      readEntry(draft)
    } else if (field === WANTLIST_FULL) draft.full = r.uint32() !== 0
    else r.skip(field)
  }
  r.mustEndAt(end)
}

const readEntry = ({ r, cidOf, entries }: Draft): void => {
  const end = r.end()
  let cidStart = 0
  let cidEnd = 0
  let priority = 0
  let cancel = false
  let wantType = 0
  let sendDontHave = false
  while (r.at < end) {
    const field = r.uint32()
    if (field === ENTRY_CID) {
      cidEnd = r.end()
      cidStart = r.at
      r.at = cidEnd
    } else if (field === ENTRY_PRIORITY) priority = r.uint32() | 0
    else if (field === ENTRY_CANCEL) cancel = r.uint32() !== 0
    else if (field === ENTRY_WANT_TYPE) wantType = r.uint32()
    else if (field === ENTRY_SEND_DONT_HAVE) sendDontHave = r.uint32() !== 0
    else r.skip(field)
  }
  r.mustEndAt(end)
  const cid = cidOf(cidStart, cidEnd)
  if (cid === undefined) return
  if (cancel) entries.push({ type: 'cancel', cid })
  else if (wantType === 0) entries.push({ type: 'want-block', cid, priority, sendDontHave })
  else if (wantType === 1) entries.push({ type: 'want-have', cid, priority, sendDontHave })
}

const readBlock = (r: Reader): UnverifiedBlock => {
  const end = r.end()
  let prefix: CidPrefix | undefined
  let bytes = NO_BYTES
  while (r.at < end) {
    const field = r.uint32()
    if (field === BLOCK_PREFIX) {
      const prefixEnd = r.end()
      prefix = readPrefix(r)
      r.skipTo(prefixEnd)
    } else if (field === BLOCK_DATA) bytes = r.view()
    else r.skip(field)
  }
  r.mustEndAt(end)
  if (prefix === undefined) throw new RangeError('a block has no prefix')
  return { prefix, bytes }
}

const readPresence = ({ r, cidOf, presences }: Draft): void => {
  const end = r.end()
  let cidStart = 0
  let cidEnd = 0
  let type = 0
  while (r.at < end) {
    const field = r.uint32()
    if (field === PRESENCE_CID) {
      cidEnd = r.end()
      cidStart = r.at
      r.at = cidEnd
    } else if (field === PRESENCE_TYPE) type = r.uint32()
    else r.skip(field)
  }
  r.mustEndAt(end)
  const cid = cidOf(cidStart, cidEnd)
  if (cid === undefined) return
  if (type === 0) presences.push({ type: 'have', cid })
  else if (type === 1) presences.push({ type: 'dont-have', cid })
}
