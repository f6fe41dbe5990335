import { peerIdFromString } from '@libp2p/peer-id'
import { describe, expect, it } from 'vitest'
import { seededBytes, seededRandom } from '../../src/testing/seeded-random.ts'
import { simulatedPeerId } from '../../src/testing/simulated-peer-id.ts'

describe('seededRandom', () => {
  const draw = (seed: number | string): number[] => {
    const random = seededRandom(seed)
    return Array.from({ length: 10_000 }, random)
  }

  it('gives the same numbers for the same seed, others for others', () => {
    expect(draw(1)).toEqual(draw(1))
    expect(draw('links')).toEqual(draw('links'))
    expect(draw(1)).not.toEqual(draw(2))
    expect(draw('a')).not.toEqual(draw('b'))
  })

  it.each([NaN, Infinity, 0.5])('refuses %s as a seed: it is cut to another', (seed) => {
    expect(() => draw(seed)).toThrow(`A seed is a whole number or a text, not ${seed}`)
  })

  it('is even in [0, 1)', () => {
    const drawn = draw(0)
    expect(drawn.every((x) => x >= 0 && x < 1)).toBe(true)
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = drawn.filter((x) => Math.floor(x * 10) === tenth).length
      expect(share).toBeGreaterThan(880)
      expect(share).toBeLessThan(1_120)
    }
  })

  it('makes bytes of every value', () => {
    expect(seededBytes('x', 5)).toEqual(seededBytes('x', 5))
    expect(new Set(seededBytes('x', 10_000)).size).toBe(256)
  })
})

describe('simulatedPeerId', () => {
  it('is one real peer id for one name', () => {
    const a = simulatedPeerId('A')
    expect(a.equals(simulatedPeerId('A'))).toBe(true)
    expect(a.equals(simulatedPeerId('B'))).toBe(false)
    expect(a.type).toBe('Ed25519')
    expect(a.toString()).toMatch(/^12D3KooW/)
    expect(peerIdFromString(a.toString()).equals(a)).toBe(true)
    expect(peerIdFromString(a.toCID().toString()).equals(a)).toBe(true)
  })
})
