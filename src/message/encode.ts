import type { CID } from 'multiformats/cid'
import type { Uint8ArrayList } from 'uint8arraylist'
import { isCidV0Block, prefixBytes, prefixSource } from './cid-prefix.ts'
import type { Block, MessageWantlist, OutgoingMessage, Presence, WantlistEntry } from './message.ts'
import { PartWriter, varintBytes } from './part-writer.ts'
import { carriesRawBlocks, LATEST_PROTOCOL, type ProtocolVersion } from './protocols.ts'
import {
  blockBytes, entryBytes, type MessageSize, messageSize, presenceBytes, SPLICED_BLOCK_BYTES,
} from './size.ts'
import * as tag from './tags.ts'

/**
 * A message as its bytes, without length prefix. Large blocks are parts of the list, not copies:
 * they must not change until the message is sent. Protocol 1.0 carries version 0 blocks only, and
 * neither presences nor pending bytes: what it cannot carry is left out.
 */
export const encodeMessage = (
  message: OutgoingMessage,
  protocol: ProtocolVersion = LATEST_PROTOCOL,
): Uint8ArrayList => {
  const size = messageSize(message, protocol)
  const writer = new PartWriter(size.message - size.spliced)
  writeMessage(writer, message, protocol, size)
  return writer.finish()
}

/** The same after its length, as it goes on a stream: `frame(encodeMessage(…))`, a part less. */
export const encodeFrame = (
  message: OutgoingMessage,
  protocol: ProtocolVersion = LATEST_PROTOCOL,
  size: MessageSize = messageSize(message, protocol),
): Uint8ArrayList => {
  const writer = new PartWriter(varintBytes(size.message) + size.message - size.spliced)
  writer.varint(size.message)
  writeMessage(writer, message, protocol, size)
  return writer.finish()
}

const writeMessage = (
  writer: PartWriter,
  { wantlist, blocks, presences, pendingBytes }: OutgoingMessage,
  protocol: ProtocolVersion,
  size: MessageSize,
): void => {
  writeWantlist(writer, wantlist, size.wantlist)
  if (carriesRawBlocks(protocol)) {
    for (const { cid, bytes } of blocks) {
      if (isCidV0Block(cid)) writeBytes(writer, tag.MESSAGE_BLOCKS, bytes)
    }
    return
  }
  for (const block of blocks) writeBlock(writer, block)
  for (const presence of presences) writePresence(writer, presence)
  if (pendingBytes !== 0) {
    writer.varint(tag.MESSAGE_PENDING_BYTES)
    writer.int32(pendingBytes)
  }
}

/** Written even when empty: boxo before 0.33 crashes on a message without it (boxo#961). */
const writeWantlist = (writer: PartWriter, wantlist: MessageWantlist, byteLength: number): void => {
  writer.varint(tag.MESSAGE_WANTLIST)
  writer.varint(byteLength)
  for (const entry of wantlist.entries) writeEntry(writer, entry)
  if (wantlist.full) writeFlag(writer, tag.WANTLIST_FULL)
}

const writeEntry = (writer: PartWriter, entry: WantlistEntry): void => {
  writer.varint(tag.WANTLIST_ENTRIES)
  writer.varint(entryBytes(entry))
  writeBytes(writer, tag.ENTRY_CID, entry.cid.bytes)
  if (entry.type === 'cancel') {
    writeFlag(writer, tag.ENTRY_CANCEL)
    return
  }
  if (entry.priority !== 0) {
    writer.varint(tag.ENTRY_PRIORITY)
    writer.int32(entry.priority)
  }
  if (entry.type === 'want-have') writeFlag(writer, tag.ENTRY_WANT_TYPE)
  if (entry.sendDontHave) writeFlag(writer, tag.ENTRY_SEND_DONT_HAVE)
}

const writeBlock = (writer: PartWriter, block: Block): void => {
  writer.varint(tag.MESSAGE_PAYLOAD)
  writer.varint(blockBytes(block))
  writePrefix(writer, block.cid)
  writeBytes(writer, tag.BLOCK_DATA, block.bytes)
}

const writePrefix = (writer: PartWriter, cid: CID): void => {
  writer.varint(tag.BLOCK_PREFIX)
  writer.varint(prefixBytes(cid))
  writer.copyStart(prefixSource(cid), prefixBytes(cid))
}

const writePresence = (writer: PartWriter, presence: Presence): void => {
  writer.varint(tag.MESSAGE_PRESENCES)
  writer.varint(presenceBytes(presence))
  writeBytes(writer, tag.PRESENCE_CID, presence.cid.bytes)
  if (presence.type === 'dont-have') writeFlag(writer, tag.PRESENCE_TYPE)
}

/** `true`, or an enum's 1: the only values but the defaults, which are left out. */
const writeFlag = (writer: PartWriter, field: number): void => {
  writer.varint(field)
  writer.varint(1)
}

const writeBytes = (writer: PartWriter, field: number, bytes: Uint8Array): void => {
  writer.varint(field)
  writer.varint(bytes.byteLength)
  if (bytes.byteLength < SPLICED_BLOCK_BYTES) writer.copy(bytes)
  else writer.splice(bytes)
}
