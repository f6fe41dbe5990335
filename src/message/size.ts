/** Exact encoded sizes, in bytes, without encoding. */
import { isCidV0Block, prefixBytes } from './cid-prefix.ts'
import type { Block, MessageWantlist, OutgoingMessage, Presence, WantlistEntry } from './message.ts'
import { int32Bytes, varintBytes } from './part-writer.ts'
import { carriesRawBlocks, LATEST_PROTOCOL, type ProtocolVersion } from './protocols.ts'

/** A field of bytes or of a message: its tag, its length and its content. */
export const fieldBytes = (contentBytes: number): number =>
  1 + varintBytes(contentBytes) + contentBytes

/** One `Entry`, without the tag and length that its wantlist puts before it. */
export const entryBytes = (entry: WantlistEntry): number => {
  const cid = fieldBytes(entry.cid.byteLength)
  if (entry.type === 'cancel') return cid + 2
  return cid
    + (entry.priority === 0 ? 0 : 1 + int32Bytes(entry.priority))
    + (entry.type === 'want-have' ? 2 : 0)
    + (entry.sendDontHave ? 2 : 0)
}

const wantlistBytes = ({ entries, full }: MessageWantlist): number => {
  let total = full ? 2 : 0
  for (const entry of entries) total += fieldBytes(entryBytes(entry))
  return total
}

/** One `Block`, without tag and length. */
export const blockBytes = ({ cid, bytes }: Block): number =>
  fieldBytes(prefixBytes(cid)) + fieldBytes(bytes.byteLength)

/** One `BlockPresence`, without tag and length. */
export const presenceBytes = ({ cid, type }: Presence): number =>
  fieldBytes(cid.byteLength) + (type === 'dont-have' ? 2 : 0)

export interface MessageSize {
  /** The `Wantlist`, without tag and length. */
  readonly wantlist: number
  /** The whole message, without the length prefix of its frame. */
  readonly message: number
}

export const messageSize = (
  message: OutgoingMessage,
  protocol: ProtocolVersion = LATEST_PROTOCOL,
): MessageSize => {
  const wantlist = wantlistBytes(message.wantlist)
  const answers = carriesRawBlocks(protocol) ? rawBlocksBytes(message) : answersBytes(message)
  return { wantlist, message: fieldBytes(wantlist) + answers }
}

/** A whole message, without the length prefix of its frame. */
export const messageBytes = (message: OutgoingMessage, protocol?: ProtocolVersion): number =>
  messageSize(message, protocol).message

const rawBlocksBytes = ({ blocks }: OutgoingMessage): number => {
  let total = 0
  for (const { cid, bytes } of blocks) {
    if (isCidV0Block(cid)) total += fieldBytes(bytes.byteLength)
  }
  return total
}

const answersBytes = ({ blocks, presences, pendingBytes }: OutgoingMessage): number => {
  let total = pendingBytes === 0 ? 0 : 1 + int32Bytes(pendingBytes)
  for (const block of blocks) total += fieldBytes(blockBytes(block))
  for (const presence of presences) total += fieldBytes(presenceBytes(presence))
  return total
}
