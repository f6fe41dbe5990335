import type { CID } from 'multiformats/cid'
import type { CidPrefix } from '../message/cid-prefix.ts'
import type { Block, OutgoingMessage, ReceivedMessage, UnverifiedBlock } from '../message/message.ts'

/** The message as its receiver decodes it: the blocks' CIDs are not on the wire. */
export const asReceived = (message: OutgoingMessage): ReceivedMessage =>
  ({ ...message, blocks: message.blocks.map(unverified) })

const unverified = ({ cid, bytes }: Block): UnverifiedBlock => ({ prefix: prefixOf(cid), bytes })

const prefixOf = ({ version, code, multihash }: CID): CidPrefix => ({
  version,
  codec: code,
  hashCode: multihash.code,
  digestLength: multihash.size,
})

/** Bytes of the encoded message, without its length prefix. */
export const wireLength = (message: OutgoingMessage | ReceivedMessage): number => {
  let length = 0
  for (const entry of message.wantlist.entries) length += entry.cid.bytes.byteLength + 10
  for (const { cid } of message.presences) length += cid.bytes.byteLength + 4
  for (const { bytes } of message.blocks) length += bytes.byteLength + 10
  return length + 2
}
