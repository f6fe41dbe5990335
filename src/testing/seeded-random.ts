import type { Random } from '../ports.ts'

/**
 * Numbers in [0, 1) that depend on nothing but the seed: xoshiro128**, seeded by splitmix32. With
 * texts as seeds, parts of one simulation draw from streams of their own: `7/links`, `7/store`.
 */
export const seededRandom = (seed: number | string): Random => {
  if (typeof seed === 'number' && !Number.isInteger(seed)) {
    throw new RangeError(`A seed is a whole number or a text, not ${seed}`)
  }
  const next = splitmix32(typeof seed === 'number' ? seed : hash(seed))
  let a = next()
  let b = next()
  let c = next()
  let d = next()
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9)
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotate(d, 11)
    return (result >>> 0) / 2 ** 32
  }
}

/** `length` bytes that depend on nothing but the seed. */
export const seededBytes = (seed: number | string, length: number): Uint8Array => {
  const random = seededRandom(seed)
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = random() * 256
  return bytes
}

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits))

const splitmix32 = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x9e3779b9) | 0
    const mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    const again = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return again ^ (again >>> 15)
  }
}

/** FNV-1a. */
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value
}
