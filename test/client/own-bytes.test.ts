import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ownBytes } from '../../src/client/own-bytes.ts'

const KIB = 1024

describe('a block that is kept', () => {
  it('is what came, and keeps little more alive than itself', () => {
    const own = ownBytes()
    fc.assert(fc.property(
      fc.integer({ min: 0, max: 64 * KIB }),
      fc.integer({ min: 0, max: 64 * KIB }),
      fc.integer({ min: 0, max: 255 }),
      (byteLength, others, value) => {
        const view = new Uint8Array(byteLength + others).fill(value).subarray(0, byteLength)
        const kept = own(view)
        expect(kept).toEqual(view)
        expect(kept.buffer.byteLength).toBeLessThanOrEqual(Math.max(16 * KIB, 3 * byteLength))
      },
    ))
  })

  it('is not copied when it shares its frame with another large one', () => {
    const frame = new Uint8Array(60 + 2 * 256 * KIB)
    const blocks = [frame.subarray(30, 30 + 256 * KIB), frame.subarray(60 + 256 * KIB)]
    expect(blocks.map(ownBytes()).every(({ buffer }) => buffer === frame.buffer)).toBe(true)
  })

  it('does not change with what is copied after it', () => {
    const own = ownBytes()
    const copies = [1, 2, 3].map((value) =>
      own(new Uint8Array(9 * KIB).fill(value).subarray(0, KIB)))
    expect(copies.map(([first]) => first)).toEqual([1, 2, 3])
  })
})
