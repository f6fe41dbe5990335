import { prefixOf } from '../message/cid-prefix.ts'
import type { OutgoingMessage, ReceivedMessage } from '../message/message.ts'

/** What its receiver would decode, without encoding it: a block's CID is not on the wire. */
export const asReceived = (message: OutgoingMessage): ReceivedMessage => ({
  ...message,
  blocks: message.blocks.map(({ cid, bytes }) => ({ prefix: prefixOf(cid), bytes })),
})
