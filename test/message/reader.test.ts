/** What every decoder of protobuf has to get right, whatever the messages. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Reader } from '../../src/message/reader.ts'
import { hex } from './hex.ts'

const reader = (text: string): Reader => new Reader(hex(text))

/** A value as protobuf writes it: negative ones as 64 bits, so that they take ten bytes. */
const varint = (value: bigint): Uint8Array => {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Uint8Array.of(...bytes, Number(rest))
}

describe('a varint', () => {
  it('is the lower 32 bits of what was written, and ends where it ended', () => {
    const values = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n })
    fc.assert(fc.property(values, fc.uint8Array({ maxLength: 3 }), (value, tail) => {
      const bytes = varint(value)
      const r = new Reader(Uint8Array.of(...bytes, ...tail))
      expect(r.uint32()).toBe(Number(BigInt.asUintN(32, value)))
      expect(r.at).toBe(bytes.byteLength)
    }))
  })

  it.each([
    ['00', 0], ['7f', 127], ['80 01', 128], ['ff ff ff ff 0f', 2 ** 32 - 1],
    ['80 80 80 80 10', 0], ['80 00', 0], ['ff ff ff ff ff ff ff ff ff 01', 2 ** 32 - 1],
    ['81 80 80 80 80 80 80 80 80 01', 1], ['85 80 80 80 80 01', 5],
  ])('%s is %i', (text, value) => {
    expect(reader(text).uint32()).toBe(value)
  })

  it('of 32 bits with a sign is negative', () => {
    expect(reader('ff ff ff ff ff ff ff ff ff 01').uint32() | 0).toBe(-1)
    expect(reader('80 80 80 80 f8 ff ff ff ff 01').uint32() | 0).toBe(-(2 ** 31))
  })

  it.each(['', '80', 'ff ff ff ff', 'ff ff ff ff ff', '80 80 80 80 80 80 80 80 80'])(
    'cut short is refused: %s', (text) => {
      expect(() => reader(text).uint32()).toThrow(RangeError)
    },
  )

  it('of eleven bytes is refused', () => {
    expect(() => reader('80 80 80 80 80 80 80 80 80 80 00').uint32())
      .toThrow('no protobuf before byte 10')
  })
})

describe('bytes', () => {
  it('are a view, and may be empty or all there is', () => {
    const bytes = hex('00 02 aa bb')
    const r = new Reader(bytes)
    expect(r.view()).toEqual(new Uint8Array(0))
    const view = r.view()
    expect(view).toEqual(Uint8Array.of(0xaa, 0xbb))
    expect(view.buffer).toBe(bytes.buffer)
    expect(r.at).toBe(4)
  })

  it.each(['02 aa', 'ff ff ff ff 0f', 'ff ff ff ff ff ff ff ff ff 01', ''])(
    'longer than what is left are refused: %s', (text) => {
      expect(() => reader(text).view()).toThrow(RangeError)
      expect(() => reader(text).end()).toThrow(RangeError)
    },
  )
})

describe('a field that is skipped', () => {
  const skipped = (text: string): number => {
    const r = reader(`${text} 55`)
    r.skip(r.uint32())
    return r.uint32()
  }

  it.each([
    ['a varint', '08 ff ff 7f'],
    ['a varint of ten bytes', '08 ff ff ff ff ff ff ff ff ff 01'],
    ['64 bits', '09 01 02 03 04 05 06 07 08'],
    ['bytes', '0a 03 01 02 03'],
    ['an empty group', '0b 0c'],
    ['a group with groups and every other type', '0b 08 01 0b 13 14 0c 0a 01 0c 0d 01 02 03 04 0c'],
    ['32 bits', '0d 01 02 03 04'],
  ])('%s', (_, text) => {
    expect(skipped(text)).toBe(0x55)
  })

  it.each([
    ['a varint cut short', '08 80'],
    ['a varint of eleven bytes', '08 80 80 80 80 80 80 80 80 80 80 00'],
    ['64 bits cut short', '09 01 02 03 04 05 06 07'],
    ['bytes cut short', '0a 03 01 02'],
    ['32 bits cut short', '0d 01 02 03'],
    ['32 bits cut short in a group', '0b 0d 01 02 03'],
    ['a group that never ends', '0b 08 01'],
    ['the end of no group', '0c'],
    ['the end of a group too many', '0b 0c 0c'],
    ['wire type 6', '0e 00'],
    ['wire type 7 in a group', '0b 0f 0c'],
  ])('is refused: %s', (_, text) => {
    const r = reader(text)
    const read = (): void => {
      while (r.at < r.byteLength) r.skip(r.uint32())
    }
    expect(read).toThrow(RangeError)
  })
})
