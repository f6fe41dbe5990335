import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePrefix, encodePrefix, isCidV0Block, prefixBytes, prefixOf } from '../../src/message/cid-prefix.ts'
import * as arbitrary from './arbitraries.ts'
import { cidV0, rawCid } from './fixtures.ts'
import { hex } from './hex.ts'

describe('a CID prefix', () => {
  it('is written as four varints', () => {
    expect(encodePrefix(cidV0(1))).toEqual(hex('00 70 12 20'))
    expect(encodePrefix(rawCid(1))).toEqual(hex('01 55 12 20'))
  })

  it('is read as it was written, and as long as its size says', () => {
    fc.assert(fc.property(arbitrary.cid, (cid) => {
      const encoded = encodePrefix(cid)
      expect(decodePrefix(encoded)).toEqual(prefixOf(cid))
      expect(encoded.byteLength).toBe(prefixBytes(cid))
    }))
  })

  it('of version 0 is dag-pb, whatever it says, as boxo reads it', () => {
    expect(decodePrefix(hex('00 55 12 20')).codec).toBe(0x70)
  })

  it('may have bytes behind it, as boxo reads it', () => {
    expect(decodePrefix(hex('01 55 12 20 ff'))).toEqual(prefixOf(rawCid(1)))
  })
})

it('1.0 carries dag-pb blocks of sha2-256 only', () => {
  expect([cidV0(1), cidV0(1).toV1(), rawCid(1)].map(isCidV0Block)).toEqual([true, true, false])
})
