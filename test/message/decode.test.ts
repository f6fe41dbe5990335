import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { describe, expect, it } from 'vitest'
import { InvalidMessageError } from '../../src/errors.ts'
import { decodeMessage } from '../../src/message/decode.ts'
import { encodeMessage } from '../../src/message/encode.ts'
import { MAX_ELEMENTS } from '../../src/message/limits.ts'
import { cidV0, digestHex, identityCid, numberedCid, outgoing, rawCid, want } from './fixtures.ts'
import { hex } from './hex.ts'

const V0 = `0a 22 12 20 ${digestHex('aa')}`
const v0 = cidV0(0xaa)

const entries = (text: string) => decodeMessage(hex(text)).wantlist.entries
const refusal = (bytes: Uint8Array): unknown => {
  try {
    return decodeMessage(bytes)
  } catch (error) {
    return error
  }
}
const refuses = (text: string) => expect(refusal(hex(text))).toBeInstanceOf(InvalidMessageError)

describe('what is let pass', () => {
  it('no bytes at all are an empty message', () => {
    expect(decodeMessage(new Uint8Array(0))).toEqual(outgoing({}))
  })

  it('unknown fields, at every level and of every wire type', () => {
    expect(decodeMessage(hex(`
      0a 32            ; Message.wantlist, 50 bytes
         0a 28         ; Wantlist.entries, 40 bytes
            ${V0}
            fa 01 01 09 ; field 31, 1 byte
         4d 01 02 03 04 ; field 9, 32 bits
         18 ac         ; field 3, a varint
         02
      7a 01 ff         ; field 15, 1 byte
      49 01 02 03 04 05 06 07 08 ; field 9, 64 bits
      4b 08 01 4c      ; field 9, a group of one field
    `)).wantlist.entries).toEqual([want(v0, 0)])
  })

  it('known fields of another wire type, which are unknown fields', () => {
    expect(decodeMessage(hex('08 01 10 01 2a 01 00'))).toEqual(outgoing({}))
  })

  it('a wantlist in two pieces', () => {
    expect(entries(`0a 26 0a 24 ${V0} 0a 28 0a 26 0a 24 01 55 12 20 ${digestHex('bb')}`))
      .toEqual([want(v0, 0), want(rawCid(0xbb), 0)])
  })

  it('a want of a type nobody knows is left out, its neighbour stays', () => {
    expect(entries(`0a 50 0a 26 ${V0} 20 02 0a 26 0a 22 12 20 ${digestHex('bb')} 20 01`))
      .toEqual([{ ...want(cidV0(0xbb), 0), type: 'want-have' }])
  })

  it('a cancel is a cancel, whatever its want type', () => {
    expect(entries(`0a 2a 0a 28 ${V0} 18 01 20 07`)).toEqual([{ type: 'cancel', cid: v0 }])
  })

  const unknown = ['02', '07', 'ff ff ff ff ff ff ff ff ff 01']
  it.each(unknown)('a presence of type %s means nothing', (type) => {
    const length = (37 + hex(type).byteLength).toString(16)
    expect(decodeMessage(hex(`22 ${length} ${V0} 10 ${type}`))).toEqual(outgoing({}))
  })

  const huge = CID.createV1(0x55, create(0x12, new Uint8Array(165)))
  const largest = CID.createV1(0x55, create(0x12, new Uint8Array(163)))
  it.each([
    ['identity', identityCid(Uint8Array.of(1, 2, 3))],
    ['empty identity', identityCid(new Uint8Array(0))],
    ['identity with a long codec', CID.createV1(0x0129, create(0, Uint8Array.of(1)))],
    ['over 168 bytes long', huge],
  ])('CIDs that are %s are left out', (_, cid) => {
    const message = outgoing({
      wantlist: { entries: [want(cid), want(v0), { type: 'cancel', cid }], full: false },
      presences: [{ type: 'have', cid }, { type: 'have', cid: v0 }],
    })
    expect(decodeMessage(encodeMessage(message).subarray())).toEqual(outgoing({
      wantlist: { entries: [want(v0)], full: false },
      presences: [{ type: 'have', cid: v0 }],
    }))
  })

  it('a CID of 168 bytes', () => {
    expect(largest.byteLength).toBe(168)
    const message = outgoing({ wantlist: { entries: [want(largest)], full: false } })
    expect(decodeMessage(encodeMessage(message).subarray())).toEqual(message)
  })

  it('a block of an unknown hash function, which nobody can want', () => {
    expect(decodeMessage(hex('1a 0a 0a 05 01 55 ff 7f 20 12 01 09')).blocks).toEqual([{
      prefix: { version: 1, codec: 0x55, hashCode: 0x3fff, digestLength: 32 },
      bytes: Uint8Array.of(9),
    }])
  })

  it('an identity block, whose digest is as long as its data', () => {
    const [received] = decodeMessage(hex('1a 09 0a 04 01 55 00 20 12 01 09')).blocks
    expect(received?.prefix).toEqual({ version: 1, codec: 0x55, hashCode: 0, digestLength: -1 })
  })

  it('a Buffer as well as plain bytes', () => {
    const [received] = decodeMessage(Buffer.from('0a001a0b0a04015512201203010203', 'hex')).blocks
    expect(received?.bytes.constructor).toBe(Uint8Array)
    expect(received?.bytes).toEqual(Uint8Array.of(1, 2, 3))
  })
})

describe('what is refused', () => {
  it.each([
    ['a want without a CID', '0a 04 0a 02 10 01'],
    ['a presence without a CID', '22 02 10 01'],
    ['a CID of another version', `0a 28 0a 26 0a 24 02 55 12 20 ${digestHex('aa')}`],
    ['a CID cut short', `0a 27 0a 25 0a 23 01 55 12 20 ${digestHex('aa').slice(2)}`],
    ['a CID with bytes behind it', `0a 29 0a 27 0a 25 01 55 12 20 ${digestHex('aa')} 00`],
    ['a version 0 CID of a short digest', '0a 08 0a 06 0a 04 12 02 01 02'],
    ['a block without a prefix', '1a 03 12 01 09'],
    ['a prefix longer than its field', '1a 08 0a 03 01 55 12 20 12 00'],
    ['a prefix cut short', '1a 08 0a 03 01 55 12 12 01 09'],
    ['a prefix of version 2', '1a 09 0a 04 02 55 12 20 12 01 09'],
    ['a version 0 prefix of sha2-512', '1a 09 0a 04 00 70 13 40 12 01 09'],
    ['a prefix whose varint never ends', '1a 0d 0a 0b 01 ff ff ff ff ff ff ff ff ff ff'],
    ['bytes longer than the message', '12 05 01'],
    ['an entry longer than its wantlist', `0a 10 0a 24 ${V0}`],
    ['a varint cut short', '28 ff'],
    ['a wire type that does not exist', '0f 01'],
    ['a group that never ends', '4b 08 01'],
  ])('%s', (_, text) => {
    refuses(text)
  })

  it('groups nested without end, in a whole message of them', () => {
    expect(refusal(new Uint8Array(4 * 1024 * 1024).fill(0x4b))).toBeInstanceOf(InvalidMessageError)
  })

  it('says why', () => {
    expect(() => decodeMessage(hex('0a 08 0a 06 0a 04 12 02 01 02'))).toThrow('no version 0 CID')
    expect(() => decodeMessage(hex('12 05 01'))).toThrow('3 bytes are not a Bitswap message')
  })
})

describe('how many elements a message may hold', () => {
  const repeated = (element: string, count: number): Uint8Array =>
    new Uint8Array(Buffer.from(element.repeat(count), 'hex'))
  const identityEntry = '0a070a050155000100' // left out, but counted
  const rejected = (bytes: Uint8Array, what: string): void => {
    expect(() => decodeMessage(bytes)).toThrow(InvalidMessageError)
    expect(() => decodeMessage(bytes)).toThrow(what)
  }
  /** A content of 16 KiB to 2 MiB has a length of three bytes. */
  const wantlistOf = (entry: string, count: number): Uint8Array => {
    const content = repeated(entry, count)
    const { byteLength } = content
    const length = [byteLength & 0x7f | 0x80, byteLength >> 7 & 0x7f | 0x80, byteLength >> 14]
    const bytes = new Uint8Array(4 + byteLength)
    bytes.set([0x0a, ...length])
    bytes.set(content, 4)
    return bytes
  }

  it('entries', () => {
    const cids = Array.from({ length: MAX_ELEMENTS }, (_, number) => want(numberedCid(number)))
    const encoded = (count: number): Uint8Array =>
      encodeMessage(outgoing({
        wantlist: { entries: [...cids, want(v0)].slice(0, count), full: false },
      })).subarray()
    expect(decodeMessage(encoded(MAX_ELEMENTS)).wantlist.entries).toHaveLength(MAX_ELEMENTS)
    rejected(encoded(MAX_ELEMENTS + 1), `more than ${MAX_ELEMENTS} elements`)
  })

  it('entries that are left out', () => {
    expect(decodeMessage(wantlistOf(identityEntry, MAX_ELEMENTS)).wantlist.entries).toEqual([])
    rejected(wantlistOf(identityEntry, MAX_ELEMENTS + 1), 'elements')
  })

  it('raw blocks', () => {
    expect(decodeMessage(repeated('1200', MAX_ELEMENTS)).blocks).toHaveLength(MAX_ELEMENTS)
    rejected(repeated('1200', MAX_ELEMENTS + 1), `more than ${MAX_ELEMENTS} elements`)
  })

  it('blocks', () => {
    const element = '1a060a0401551220'
    expect(decodeMessage(repeated(element, MAX_ELEMENTS)).blocks).toHaveLength(MAX_ELEMENTS)
    rejected(repeated(element, MAX_ELEMENTS + 1), `more than ${MAX_ELEMENTS} elements`)
  })

  it('presences', () => {
    const element = '22070a050155000100'
    expect(decodeMessage(repeated(element, MAX_ELEMENTS)).presences).toEqual([])
    rejected(repeated(element, MAX_ELEMENTS + 1), `more than ${MAX_ELEMENTS} elements`)
  })

  it('all kinds together', () => {
    const blocks = '1200'.repeat(MAX_ELEMENTS - 1)
    const presence = '22070a050155000100'
    expect(decodeMessage(repeated(blocks + presence, 1)).presences).toEqual([])
    rejected(repeated(blocks + presence.repeat(2), 1), `more than ${MAX_ELEMENTS} elements`)
  })
})

describe('who owns the bytes', () => {
  const bytes = encodeMessage(outgoing({
    wantlist: { entries: [want(v0)], full: false },
    blocks: [{ cid: v0, bytes: Uint8Array.of(1, 2, 3) }],
  })).subarray()
  const { wantlist, blocks } = decodeMessage(bytes)

  it('a block is a view on the message', () => {
    expect(blocks[0]?.bytes.buffer).toBe(bytes.buffer)
  })

  it('a CID is not, and keeps little else alive', () => {
    const { buffer } = wantlist.entries[0]!.cid.bytes
    expect(buffer).not.toBe(bytes.buffer)
    expect(buffer.byteLength).toBeLessThanOrEqual(1024)
  })
})
