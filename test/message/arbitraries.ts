import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import type { Block, OutgoingMessage, Presence, WantlistEntry } from '../../src/message/message.ts'

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 })

/** Versions, codecs of one to three varint bytes, digests short and long; never the identity. */
export const cid: fc.Arbitrary<CID> = fc.oneof(
  digest.map((bytes) => CID.createV0(create(0x12, bytes))),
  digest.map((bytes) => CID.createV1(0x55, create(0x12, bytes))),
  fc.tuple(
    fc.constantFrom(0x55, 0x70, 0x71, 0x0129, 0xb201),
    fc.constantFrom(0x12, 0x13, 0x1e, 0xb220),
    fc.uint8Array({ minLength: 20, maxLength: 128 }),
  ).map(([codec, hash, bytes]) => CID.createV1(codec, create(hash, bytes))),
)

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })

export const entry: fc.Arbitrary<WantlistEntry> = fc.oneof(
  fc.record({
    type: fc.constantFrom('want-block' as const, 'want-have' as const),
    cid,
    priority: int32,
    sendDontHave: fc.boolean(),
  }),
  fc.record({ type: fc.constant('cancel' as const), cid }),
)

/** Sizes on both sides of where a block becomes a part of its own, and of every varint step. */
const blockBytes = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 300 }) },
  fc.integer({ min: 16_300, max: 16_500 }).map((length) => new Uint8Array(length).fill(length)),
)

export const block: fc.Arbitrary<Block> = fc.record({ cid, bytes: blockBytes })

export const presence: fc.Arbitrary<Presence> = fc.record({
  type: fc.constantFrom('have' as const, 'dont-have' as const),
  cid,
})

const byCid = {
  selector: ({ cid }: { readonly cid: CID }): string => cid.toString(),
  maxLength: 12,
}

/** A message that says nothing twice. */
export const message: fc.Arbitrary<OutgoingMessage> = fc.record({
  wantlist: fc.record({ entries: fc.uniqueArray(entry, byCid), full: fc.boolean() }),
  blocks: fc.uniqueArray(block, byCid),
  presences: fc.uniqueArray(presence, byCid),
  pendingBytes: int32,
})
