import { createHash } from 'node:crypto'
import { identity } from 'multiformats/hashes/identity'
import { from as hasherFrom } from 'multiformats/hashes/hasher'
import { firstValueFrom, isObservable } from 'rxjs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { hashers } from '../../src/adapters/hashers.ts'

const bytes = new TextEncoder().encode('rx-bitswap')
/** One character per byte. */
const digestOf = (name: string): string => createHash(name).update(bytes).digest('binary')
const backwards = Buffer.from(bytes.toReversed()).toString('binary')

const CASES = [['sha1', 0x11], ['sha256', 0x12], ['sha512', 0x13]] as const

test.each(CASES)('%s is synchronous in Node', (name, code) => {
  expect(hashers()(code)?.(bytes)).toBe(digestOf(name))
})

test('an unknown code has no hasher', () => {
  expect(hashers()(0xb220)).toBeUndefined()
})

test('the identity is never a hash function, not even when it is handed in', () => {
  expect(hashers([identity])(0x00)).toBeUndefined()
})

test('hashers of the user are known by their code', async () => {
  const known = hashers([
    hasherFrom({ name: 'backwards', code: 0x3f01, encode: (input) => input.toReversed() }),
    hasherFrom({ name: 'slow', code: 0x3f02, encode: async (input) => input.toReversed() }),
  ])

  expect(known(0x3f01)?.(bytes)).toBe(backwards)
  const later = known(0x3f02)?.(bytes)
  if (!isObservable(later)) return expect.unreachable('a promise becomes an Observable')
  expect(await firstValueFrom(later)).toBe(backwards)
})

describe('where there is only WebCrypto', () => {
  afterEach(() => vi.unstubAllGlobals())

  test.each(CASES)('%s is an Observable', async (name, code) => {
    vi.stubGlobal('process', undefined)
    vi.resetModules()
    const inBrowser = await import('../../src/adapters/hashers.ts')
    vi.unstubAllGlobals()

    const digest = inBrowser.hashers()(code)?.(bytes)
    if (!isObservable(digest)) return expect.unreachable('WebCrypto is asynchronous')
    expect(await firstValueFrom(digest)).toBe(digestOf(name))
  })
})
