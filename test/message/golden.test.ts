/**
 * The wire, byte by byte, written out by hand from message.proto. A tag is
 * `field number * 8 + wire type`; wire type 0 is a varint, 2 is bytes after their length.
 */
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { describe, expect, it } from 'vitest'
import { prefixOf } from '../../src/message/cid-prefix.ts'
import { decodeMessage } from '../../src/message/decode.ts'
import { encodeMessage } from '../../src/message/encode.ts'
import type { OutgoingMessage } from '../../src/message/message.ts'
import type { ProtocolVersion } from '../../src/message/protocols.ts'
import { entryBytes, presenceBytes } from '../../src/message/size.ts'
import { cidV0, digestHex, outgoing, rawCid } from './fixtures.ts'
import { hex, toHex } from './hex.ts'

const MAX_PRIORITY = 2 ** 31 - 1

const V0 = `12 20 ${digestHex('aa')}      ; CIDv0: sha2-256, 32 bytes, the digest`
const RAW = `01 55 12 20 ${digestHex('bb')} ; CIDv1: version 1, raw, sha2-256, 32 bytes, the digest`
const v0 = cidV0(0xaa)
const raw = rawCid(0xbb)

/** The bytes are what we write, and reading them gives what was written. */
const vector = (name: string, message: OutgoingMessage, text: string): void => {
  it(name, () => {
    expect(toHex(encodeMessage(message).subarray())).toBe(toHex(hex(text)))
    expect(decodeMessage(hex(text))).toMatchObject({
      wantlist: message.wantlist,
      presences: message.presences,
      pendingBytes: message.pendingBytes,
      blocks: message.blocks.map(({ bytes }) => ({ bytes })),
    })
  })
}

const wantlist = (...entries: OutgoingMessage['wantlist']['entries']): Partial<OutgoingMessage> =>
  ({ wantlist: { entries, full: false } })

describe('a wantlist', () => {
  vector('is written even when it is empty', outgoing({}), `
    0a 00 ; Message.wantlist, 0 bytes
  `)

  vector('can be full and empty', outgoing({ wantlist: { entries: [], full: true } }), `
    0a 02    ; Message.wantlist, 2 bytes
       10 01 ; Wantlist.full = true
  `)

  const most = { type: 'want-block', cid: v0, priority: MAX_PRIORITY, sendDontHave: true } as const
  vector('holds a want-block of all fields', outgoing(wantlist(most)), `
    0a 2e                      ; Message.wantlist, 46 bytes
       0a 2c                   ; Wantlist.entries, 44 bytes
          0a 22 ${V0}
          10 ff ff ff ff 07    ; Entry.priority = 2^31 - 1
          28 01                ; Entry.sendDontHave = true
  `)
  it('takes 44 bytes for that want-block, as boxo counts', () => {
    expect(entryBytes(most)).toBe(44)
  })

  const least = { type: 'want-block', cid: raw, priority: 0, sendDontHave: false } as const
  vector('leaves out defaults', outgoing(wantlist(least)), `
    0a 28             ; Message.wantlist, 40 bytes
       0a 26          ; Wantlist.entries, 38 bytes
          0a 24 ${RAW}
  `)

  const have = { type: 'want-have', cid: v0, priority: 300, sendDontHave: false } as const
  vector('holds a want-have', outgoing(wantlist(have)), `
    0a 2b             ; Message.wantlist, 43 bytes
       0a 29          ; Wantlist.entries, 41 bytes
          0a 22 ${V0}
          10 ac 02    ; Entry.priority = 300
          20 01       ; Entry.wantType = Have
  `)

  vector('holds a cancel', outgoing(wantlist({ type: 'cancel', cid: v0 })), `
    0a 28             ; Message.wantlist, 40 bytes
       0a 26          ; Wantlist.entries, 38 bytes
          0a 22 ${V0}
          18 01       ; Entry.cancel = true
  `)

  const negative = { type: 'want-block', cid: v0, priority: -2, sendDontHave: false } as const
  vector('writes a negative priority as 64 bits', outgoing(wantlist(negative)), `
    0a 31                                 ; Message.wantlist, 49 bytes
       0a 2f                              ; Wantlist.entries, 47 bytes
          0a 22 ${V0}
          10 fe ff ff ff ff ff ff ff ff 01 ; Entry.priority = -2
  `)

  const lowest = { type: 'want-block', cid: v0, priority: -(2 ** 31), sendDontHave: false } as const
  vector('holds the lowest priority', outgoing(wantlist(lowest)), `
    0a 31                                 ; Message.wantlist, 49 bytes
       0a 2f                              ; Wantlist.entries, 47 bytes
          0a 22 ${V0}
          10 80 80 80 80 f8 ff ff ff ff 01 ; Entry.priority = -2^31
  `)
})

describe('an answer', () => {
  const have = { type: 'have', cid: v0 } as const
  vector('can be HAVE', outgoing({ presences: [have] }), `
    0a 00             ; Message.wantlist, 0 bytes
    22 24             ; Message.blockPresences, 36 bytes
       0a 22 ${V0}
  `)
  it('takes 36 bytes for that HAVE, as boxo counts', () => {
    expect(presenceBytes(have)).toBe(36)
  })

  vector('can be DONT_HAVE', outgoing({ presences: [{ type: 'dont-have', cid: raw }] }), `
    0a 00             ; Message.wantlist, 0 bytes
    22 28             ; Message.blockPresences, 40 bytes
       0a 24 ${RAW}
       10 01          ; BlockPresence.type = DontHave
  `)

  const bytes = Uint8Array.of(1, 2, 3)
  vector('can be a block of a CIDv1', outgoing({ blocks: [{ cid: raw, bytes }] }), `
    0a 00                ; Message.wantlist, 0 bytes
    1a 0b                ; Message.payload, 11 bytes
       0a 04 01 55 12 20 ; Block.prefix: version 1, raw, sha2-256, 32 bytes
       12 03 01 02 03    ; Block.data
  `)

  vector('can be a block of a CIDv0', outgoing({ blocks: [{ cid: v0, bytes }] }), `
    0a 00                ; Message.wantlist, 0 bytes
    1a 0b                ; Message.payload, 11 bytes
       0a 04 00 70 12 20 ; Block.prefix: version 0, dag-pb, sha2-256, 32 bytes
       12 03 01 02 03    ; Block.data
  `)

  const blake = CID.createV1(0x0129, create(0xb220, new Uint8Array(32)))
  vector('can have a prefix of longer varints', outgoing({ blocks: [{ cid: blake, bytes }] }), `
    0a 00                         ; Message.wantlist, 0 bytes
    1a 0e                         ; Message.payload, 14 bytes
       0a 07 01 a9 02 a0 e4 02 20 ; Block.prefix: version 1, dag-json, blake2b-256, 32 bytes
       12 03 01 02 03             ; Block.data
  `)

  const empty = { cid: raw, bytes: new Uint8Array(0) }
  vector('can be the empty block', outgoing({ blocks: [empty] }), `
    0a 00                ; Message.wantlist, 0 bytes
    1a 08                ; Message.payload, 8 bytes
       0a 04 01 55 12 20 ; Block.prefix: version 1, raw, sha2-256, 32 bytes
       12 00             ; Block.data, 0 bytes
  `)

  vector('tells pending bytes', outgoing({ pendingBytes: 1_000_000 }), `
    0a 00       ; Message.wantlist, 0 bytes
    28 c0 84 3d ; Message.pendingBytes = 1,000,000
  `)

  vector('writes negative pending bytes as 64 bits', outgoing({ pendingBytes: -1 }), `
    0a 00                            ; Message.wantlist, 0 bytes
    28 ff ff ff ff ff ff ff ff ff 01 ; Message.pendingBytes = -1
  `)
})

describe('protocol versions', () => {
  const message = outgoing({
    blocks: [{ cid: v0, bytes: Uint8Array.of(1) }, { cid: raw, bytes: Uint8Array.of(2) }],
    presences: [{ type: 'have', cid: raw }],
    pendingBytes: 5,
  })
  const encoded = (protocol: ProtocolVersion): string =>
    toHex(encodeMessage(message, protocol).subarray())

  const old = ['/ipfs/bitswap/1.0.0', '/ipfs/bitswap'] as const
  it.each(old)('%s has raw CIDv0 blocks only', (protocol) => {
    expect(encoded(protocol)).toBe(toHex(hex(`
      0a 00    ; Message.wantlist, 0 bytes
      12 01 01 ; Message.blocks, 1 byte
    `)))
  })

  it('1.1.0 is written as 1.2.0 is', () => {
    expect(encoded('/ipfs/bitswap/1.1.0')).toBe(encoded('/ipfs/bitswap/1.2.0'))
  })

  it('a CIDv1 of dag-pb and sha2-256 travels over 1.0.0, as the CIDv0 it becomes there', () => {
    const blocks = [{ cid: v0.toV1(), bytes: Uint8Array.of(7) }]
    const bytes = encodeMessage(outgoing({ blocks }), '/ipfs/bitswap/1.0.0').subarray()
    expect(toHex(bytes)).toBe('0a00120107')
    expect(decodeMessage(bytes).blocks).toEqual([
      { prefix: prefixOf(v0), bytes: Uint8Array.of(7) },
    ])
  })
})
