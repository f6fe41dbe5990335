import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import type { Block, OutgoingMessage, WantEntry } from '../../src/message/message.ts'

/** 32 bytes of the same value, as hexadecimal digits and as a digest. */
export const digestHex = (byte: string): string => byte.repeat(32)

const digest = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)

export const cidV0 = (byte: number): CID => CID.createV0(create(0x12, digest(byte)))

export const rawCid = (byte: number): CID => CID.createV1(0x55, create(0x12, digest(byte)))

export const identityCid = (bytes: Uint8Array): CID => CID.createV1(0x55, create(0, bytes))

/** A CID for any number, with all of its digest's bytes in use. */
export const numberedCid = (number: number): CID => {
  const bytes = digest(0xab)
  new DataView(bytes.buffer).setUint32(0, number)
  return CID.createV1(0x55, create(0x12, bytes))
}

/** Its CID is not that of its bytes: nobody here hashes. */
export const block = (number: number, byteLength: number): Block =>
  ({ cid: numberedCid(number), bytes: new Uint8Array(byteLength).fill(number) })

export const want = (cid: CID, priority = 1): WantEntry =>
  ({ type: 'want-block', cid, priority, sendDontHave: false })

export const outgoing = (parts: Partial<OutgoingMessage>): OutgoingMessage => ({
  wantlist: { entries: [], full: false },
  blocks: [],
  presences: [],
  pendingBytes: 0,
  ...parts,
})
