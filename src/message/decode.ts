import type { CID } from 'multiformats/cid'
import { type Reader, reader } from 'protons-runtime'
import { InvalidMessageError } from '../errors.ts'
import { CID_V0_PREFIX, decodePrefix } from './cid-prefix.ts'
import { MAX_BLOCKS, MAX_ENTRIES, MAX_PRESENCES } from './limits.ts'
import { mergeEntries, mergePresences } from './merge.ts'
import type { Presence, ReceivedMessage, UnverifiedBlock, WantlistEntry } from './message.ts'
import * as tag from './tags.ts'
import { atMost, endOfNested, mustEndAt, plain, skipUnknown } from './wire.ts'
import { wireCids } from './wire-cids.ts'

/**
 * The message that `bytes` hold. Blocks are views on them; CIDs are not. Entries and presences are
 * merged, those with identity or huge CIDs, or of a type nobody knows, are left out. Throws
 * `InvalidMessageError`, and nothing else, if the bytes are no Bitswap message.
 */
export const decodeMessage = (bytes: Uint8Array): ReceivedMessage => {
  try {
    return readMessage(reader(plain(bytes)))
  } catch (cause) {
    if (cause instanceof InvalidMessageError) throw cause
    const what = `${bytes.byteLength} bytes are not a Bitswap message`
    throw new InvalidMessageError(`${what}: ${String(cause)}`, { cause })
  }
}

/** A message while it is read. Counts include what is left out, for that costs time too. */
interface Draft {
  readonly r: Reader
  readonly cidOf: (bytes: Uint8Array) => CID | undefined
  readonly entries: WantlistEntry[]
  readonly blocks: UnverifiedBlock[]
  readonly presences: Presence[]
  full: boolean
  pendingBytes: number
  entryCount: number
  rawBlockCount: number
  blockCount: number
  presenceCount: number
}

const readMessage = (r: Reader): ReceivedMessage => {
  const draft: Draft = {
    r,
    cidOf: wireCids(r.len),
    entries: [],
    blocks: [],
    presences: [],
    full: false,
    pendingBytes: 0,
    entryCount: 0,
    rawBlockCount: 0,
    blockCount: 0,
    presenceCount: 0,
  }
  while (r.pos < r.len) readField(draft, r.uint32())
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
    case tag.MESSAGE_WANTLIST:
      readWantlist(draft)
      return
    case tag.MESSAGE_BLOCKS:
      draft.rawBlockCount = atMost(MAX_BLOCKS, draft.rawBlockCount + 1, 'raw blocks')
      draft.blocks.push({ prefix: CID_V0_PREFIX, bytes: r.bytes() })
      return
    case tag.MESSAGE_PAYLOAD:
      draft.blockCount = atMost(MAX_BLOCKS, draft.blockCount + 1, 'blocks')
      draft.blocks.push(readBlock(r))
      return
    case tag.MESSAGE_PRESENCES:
      draft.presenceCount = atMost(MAX_PRESENCES, draft.presenceCount + 1, 'presences')
      readPresence(draft)
      return
    case tag.MESSAGE_PENDING_BYTES:
      draft.pendingBytes = r.int32()
      return
    default:
      skipUnknown(r, field)
  }
}

const readWantlist = (draft: Draft): void => {
  const { r } = draft
  const end = endOfNested(r)
  while (r.pos < end) {
    const field = r.uint32()
    if (field === tag.WANTLIST_ENTRIES) {
      draft.entryCount = atMost(MAX_ENTRIES, draft.entryCount + 1, 'wantlist entries')
      readEntry(draft)
    } else if (field === tag.WANTLIST_FULL) draft.full = r.bool()
    else skipUnknown(r, field)
  }
  mustEndAt(r, end)
}

const readEntry = ({ r, cidOf, entries }: Draft): void => {
  const end = endOfNested(r)
  let cidBytes = NO_BYTES
  let priority = 0
  let cancel = false
  let wantType = 0
  let sendDontHave = false
  while (r.pos < end) {
    const field = r.uint32()
    if (field === tag.ENTRY_CID) cidBytes = r.bytes()
    else if (field === tag.ENTRY_PRIORITY) priority = r.int32()
    else if (field === tag.ENTRY_CANCEL) cancel = r.bool()
    else if (field === tag.ENTRY_WANT_TYPE) wantType = r.int32()
    else if (field === tag.ENTRY_SEND_DONT_HAVE) sendDontHave = r.bool()
    else skipUnknown(r, field)
  }
  mustEndAt(r, end)
  const cid = cidOf(cidBytes)
  if (cid === undefined) return
  if (cancel) entries.push({ type: 'cancel', cid })
  else if (wantType === 0) entries.push({ type: 'want-block', cid, priority, sendDontHave })
  else if (wantType === 1) entries.push({ type: 'want-have', cid, priority, sendDontHave })
}

const readBlock = (r: Reader): UnverifiedBlock => {
  const end = endOfNested(r)
  let prefix = NO_BYTES
  let bytes = NO_BYTES
  while (r.pos < end) {
    const field = r.uint32()
    if (field === tag.BLOCK_PREFIX) prefix = r.bytes()
    else if (field === tag.BLOCK_DATA) bytes = r.bytes()
    else skipUnknown(r, field)
  }
  mustEndAt(r, end)
  return { prefix: decodePrefix(prefix), bytes }
}

const readPresence = ({ r, cidOf, presences }: Draft): void => {
  const end = endOfNested(r)
  let cidBytes = NO_BYTES
  let type = 0
  while (r.pos < end) {
    const field = r.uint32()
    if (field === tag.PRESENCE_CID) cidBytes = r.bytes()
    else if (field === tag.PRESENCE_TYPE) type = r.int32()
    else skipUnknown(r, field)
  }
  mustEndAt(r, end)
  const cid = cidOf(cidBytes)
  if (cid === undefined) return
  if (type === 0) presences.push({ type: 'have', cid })
  else if (type === 1) presences.push({ type: 'dont-have', cid })
}

const NO_BYTES = new Uint8Array(0)
