import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { isObservable, of, throwError, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { CidPrefix } from '../../src/message/cid-prefix.ts'
import type { Hasher } from '../../src/message/hashers.ts'
import { multihashKey, text } from '../../src/message/keys.ts'
import { verify } from '../../src/message/verify.ts'

const sha256 = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(bytes).digest())
const bytes = Uint8Array.of(1, 2, 3)
const raw: CidPrefix = { version: 1, codec: 0x55, hashCode: 0x12, digestLength: 32 }

const hashText = (input: Uint8Array): string => text(sha256(input))

/** Verifies with one hash function, whatever its code. */
const verified = (prefix: CidPrefix, hasher: Hasher = hashText) =>
  verify({ prefix, bytes }, () => hasher)

const never = (): never => {
  throw new Error('hashed in vain')
}

describe('a verified block', () => {
  const cid = CID.createV1(0x55, create(0x12, sha256(bytes)))

  it('has the key of the CID of its bytes', () => {
    expect(verified(raw)).toBe(multihashKey(cid))
  })

  it('can be of version 0', () => {
    const v0 = CID.createV0(create(0x12, sha256(bytes)))
    expect(verified({ version: 0, codec: 0x70, hashCode: 0x12, digestLength: 32 }))
      .toBe(multihashKey(v0))
  })

  it('can have a digest cut short', () => {
    const short = CID.createV1(0x55, create(0x12, sha256(bytes).subarray(0, 20)))
    expect(verified({ ...raw, digestLength: 20 }))
      .toBe(multihashKey(short))
  })

  it('has the multihash that multiformats makes, whatever the prefix', () => {
    const code = fc.integer({ min: 1, max: 2 ** 31 - 1 })
    const digests = fc.uint8Array({ minLength: 20, maxLength: 300 })
    fc.assert(fc.property(code, code, digests, (codec, hashCode, digest) => {
      const prefix = { version: 1, codec, hashCode, digestLength: digest.byteLength } as const
      const cid = CID.createV1(codec, create(hashCode, digest))
      expect(verified(prefix, () => text(digest))).toBe(multihashKey(cid))
      const characters = Array.from(multihashKey(cid), (character) => character.charCodeAt(0))
      expect(characters).toEqual([...cid.multihash.bytes])
    }))
  })

  it('comes later if the hash function takes its time', () => {
    const later = verified(raw, (input) => of(hashText(input)))
    if (!isObservable(later)) throw new Error('came at once')
    const keys: unknown[] = []
    later.subscribe((key) => { keys.push(key) })
    expect(keys).toEqual([multihashKey(cid)])
  })
})

describe('no block', () => {
  it.each([
    ['of the identity', { ...raw, hashCode: 0, digestLength: -1 }],
    ['of the identity, forged', { ...raw, hashCode: 0, digestLength: 32 }],
    ['of a digest too short to prove anything', { ...raw, digestLength: 19 }],
  ])('%s is even hashed', (_, prefix) => {
    expect(verified(prefix, never)).toBeUndefined()
  })

  it('of an unknown hash function is verified', () => {
    expect(verify({ prefix: raw, bytes }, () => undefined)).toBeUndefined()
  })

  it('has a digest longer than its hash function gives', () => {
    expect(verified({ ...raw, digestLength: 33 })).toBeUndefined()
    const later = verified({ ...raw, digestLength: 33 }, (input) => of(hashText(input)))
    if (!isObservable(later)) throw new Error('came at once')
    let keys: unknown
    later.pipe(toArray()).subscribe((all) => { keys = all })
    expect(keys).toEqual([undefined])
  })

  it('hides that its hash function failed', () => {
    const later = verified(raw, () => throwError(() => new Error('out of order')))
    if (!isObservable(later)) throw new Error('came at once')
    let failure: unknown
    later.subscribe({ error: (error: unknown) => { failure = error } })
    expect(failure).toEqual(new Error('out of order'))
  })
})
