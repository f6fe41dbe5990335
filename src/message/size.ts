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
  /** What of it are large blocks, which are not copied. */
  readonly spliced: number
}

/**
 * From this size on, a block is handed to the stream as it is; a smaller one is copied next to its
 * header, since every part costs Noise more than copying it costs us. Measured: as parts, blocks of
 * 1 KiB take 5 times as long to encrypt, those of 12 KiB as long, those of 16 KiB less.
 */
export const SPLICED_BLOCK_BYTES = 16 * 1024

export const messageSize = (
  { wantlist, blocks, presences, pendingBytes }: OutgoingMessage,
  protocol: ProtocolVersion = LATEST_PROTOCOL,
): MessageSize => {
  const wantlistSize = wantlistBytes(wantlist)
  const isRaw = carriesRawBlocks(protocol)
  let message = fieldBytes(wantlistSize)
  let spliced = 0
  for (const block of blocks) {
    if (isRaw && !isCidV0Block(block.cid)) continue
    const { byteLength } = block.bytes
    message += fieldBytes(isRaw ? byteLength : blockBytes(block))
    if (byteLength >= SPLICED_BLOCK_BYTES) spliced += byteLength
  }
  if (!isRaw) {
    for (const presence of presences) message += fieldBytes(presenceBytes(presence))
    if (pendingBytes !== 0) message += 1 + int32Bytes(pendingBytes)
  }
  return { wantlist: wantlistSize, message, spliced }
}

/** A whole message, without the length prefix of its frame. */
export const messageBytes = (message: OutgoingMessage, protocol?: ProtocolVersion): number =>
  messageSize(message, protocol).message
