import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryBlockstore } from 'blockstore-core'
import { FsBlockstore } from 'blockstore-fs'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { firstValueFrom, forkJoin, lastValueFrom } from 'rxjs'
import type { Observable } from 'rxjs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { blockLookup } from '../../src/adapters/blockstore.ts'
import type { BlockLookupOptions, LocalBlockstore } from '../../src/adapters/blockstore.ts'
import { StoreError } from '../../src/errors.ts'
import { observed } from '../../src/operators/now-or-later.ts'

const blockOf = async (text: string): Promise<{ cid: CID, bytes: Uint8Array }> => {
  const bytes = new TextEncoder().encode(text)
  return { cid: CID.createV1(0x55, await sha256.digest(bytes)), bytes }
}
const cidOf = async (text: string): Promise<CID> => (await blockOf(text)).cid
const { cid, bytes } = await blockOf('a block')
const absent = await cidOf('another')

/** What the port answers, now or later, as streams. */
const lookupOf = (store: LocalBlockstore, options?: BlockLookupOptions) => {
  const { has, size, get, put } = blockLookup(store, options)
  return {
    has: (key: CID) => observed(() => has(key)),
    size: (key: CID) => observed(() => size(key)),
    get: (key: CID) => observed(() => get(key)),
    put: (key: CID, block: Uint8Array) => observed(() => put(key, block)),
  }
}

/** What a stream says before `subscribe` returns. */
const synchronously = <T>(value$: Observable<T>): unknown[] => {
  const said: unknown[] = []
  value$.subscribe({
    next: (value) => said.push(value),
    error: (error: unknown) => said.push(error),
    complete: () => said.push('|'),
  }).unsubscribe()
  return said
}

/** A store that answers when the test says so. */
const manualStore = () => {
  const waiting: Array<() => void> = []
  const store: LocalBlockstore = {
    has: () => new Promise((resolve) => waiting.push(() => resolve(true))),
    put: (key) => new Promise((resolve) => waiting.push(() => resolve(key))),
    async * get () {
      await new Promise<void>((resolve) => waiting.push(resolve))
      yield bytes
    },
  }
  return { store, waiting }
}

describe('a synchronous store', () => {
  test('answers with the value itself', () => {
    const blocks = blockLookup(new MemoryBlockstore())
    expect(blocks.has(cid)).toBe(false)
    expect(blocks.get(cid)).toBeUndefined()
    expect(blocks.put(cid, bytes)).toBeUndefined()
    expect(blocks.get(cid)).toBe(bytes)
    expect(() => blockLookup({
      ...manualStore().store, has: () => { throw new Error('no') },
    }).has(cid)).toThrow(StoreError)
  })

  test('answers before subscribe returns', () => {
    const blocks = lookupOf(new MemoryBlockstore())
    expect(synchronously(blocks.has(cid))).toEqual([false, '|'])
    expect(synchronously(blocks.size(cid))).toEqual([undefined, '|'])
    expect(synchronously(blocks.get(cid))).toEqual([undefined, '|'])
    expect(synchronously(blocks.put(cid, bytes))).toEqual([undefined, '|'])
    expect(synchronously(blocks.has(cid))).toEqual([true, '|'])
    expect(synchronously(blocks.size(cid))).toEqual([bytes.byteLength, '|'])
    expect(synchronously(blocks.get(cid))).toEqual([bytes, '|'])
  })

  test('is asked on each subscription', () => {
    const store = new MemoryBlockstore()
    const has$ = lookupOf(store).has(cid)
    expect(synchronously(has$)).toEqual([false, '|'])
    void store.put(cid, bytes)
    expect(synchronously(has$)).toEqual([true, '|'])
  })

  test('joins a block that comes in pieces', () => {
    const store = new MemoryBlockstore()
    void store.put(cid, [bytes.subarray(0, 2), bytes.subarray(2, 3), bytes.subarray(3)])
    const blocks = lookupOf(store)
    expect(synchronously(blocks.get(cid))).toEqual([bytes, '|'])
    expect(synchronously(blocks.size(cid))).toEqual([bytes.byteLength, '|'])
  })

  test('an empty block is not an absent one', () => {
    const store = new MemoryBlockstore()
    void store.put(cid, [])
    expect(synchronously(lookupOf(store).get(cid))).toEqual([new Uint8Array(), '|'])
    expect(synchronously(lookupOf(store).size(cid))).toEqual([0, '|'])
  })
})

describe('a store on disk', () => {
  let folder: string
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'rx-bitswap-')) })
  afterEach(() => rm(folder, { recursive: true }))

  test('holds what was put', async () => {
    const blocks = lookupOf(new FsBlockstore(folder))
    await lastValueFrom(blocks.put(cid, bytes))
    expect(await firstValueFrom(blocks.has(cid))).toBe(true)
    expect(await firstValueFrom(blocks.size(cid))).toBe(bytes.byteLength)
    expect(Uint8Array.from(await firstValueFrom(blocks.get(cid)) ?? [])).toEqual(bytes)
    expect(await firstValueFrom(blocks.get(absent))).toBeUndefined()
    expect(await firstValueFrom(blocks.size(absent))).toBeUndefined()
  })

  test('says which block it could not write', async () => {
    const blocks = lookupOf(new FsBlockstore(join(folder, 'nul\0')))
    const failure = lastValueFrom(blocks.put(cid, bytes))
    await expect(failure).rejects.toThrow(`could not write ${cid}`)
    await expect(failure).rejects.toMatchObject({ name: 'StoreError', cid })
  })
})

describe('errors', () => {
  const broken = (error: Error): LocalBlockstore => ({
    has: () => { throw error },
    put: async () => { throw error },
    get: () => { throw error },
  })

  test('of the store carry the block and the cause', async () => {
    const cause = new Error('the disk is on fire')
    const blocks = lookupOf(broken(cause))
    const { has, get, size, put } = blocks
    for (const call$ of [has(cid), get(cid), size(cid), put(cid, bytes)]) {
      const failure = await lastValueFrom<unknown>(call$).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(StoreError)
      expect(failure).toMatchObject({ cid, cause })
    }
  })

  test('named NotFoundError mean absent, whatever their class', () => {
    const notFound = Object.assign(new Error('not here'), { name: 'NotFoundError' })
    expect(synchronously(lookupOf(broken(notFound)).get(cid))).toEqual([undefined, '|'])
    expect(synchronously(lookupOf(broken(notFound)).size(cid))).toEqual([undefined, '|'])
  })

  test('named NotFoundError mean absent to a store with a size of its own, too', async () => {
    const notFound = Object.assign(new Error('not here'), { name: 'NotFoundError' })
    const { store } = manualStore()
    const now = lookupOf({ ...store, size: () => { throw notFound } })
    expect(synchronously(now.size(cid))).toEqual([undefined, '|'])
    const later = lookupOf({ ...store, size: async () => { throw notFound } })
    expect(await firstValueFrom(later.size(cid))).toBeUndefined()
  })
})

describe('an asynchronous store', () => {
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

  test('runs at most `concurrency` calls, the rest in the order of asking', async () => {
    const { store, waiting } = manualStore()
    const blocks = lookupOf(store, { concurrency: 2 })
    const answers = firstValueFrom(forkJoin([
      blocks.has(cid), blocks.get(cid), blocks.put(cid, bytes), blocks.has(cid), blocks.get(cid),
    ]))
    await settle()
    expect(waiting).toHaveLength(2)
    for (let answered = 0; answered < 5; answered++) {
      expect(waiting.length).toBeLessThanOrEqual(2)
      waiting.shift()?.()
      await settle()
    }
    expect(await answers).toEqual([true, bytes, undefined, true, bytes])
  })

  test('a call that is unsubscribed while it waits is never made', async () => {
    const { store, waiting } = manualStore()
    const blocks = lookupOf(store, { concurrency: 1 })
    const first = firstValueFrom(blocks.has(cid))
    blocks.get(cid).subscribe().unsubscribe()
    const third = firstValueFrom(blocks.has(cid))
    waiting.shift()?.()
    await first
    await settle()
    expect(waiting).toHaveLength(1)
    waiting.shift()?.()
    expect(await third).toBe(true)
  })

  test('an error makes room too', async () => {
    const store = { ...manualStore().store, has: async () => { throw new Error('no') } }
    const blocks = lookupOf(store, { concurrency: 1 })
    const failures = await Promise.allSettled([1, 2, 3].map(() => firstValueFrom(blocks.has(cid))))
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  })

  test('a hundred thousand calls wait without a stack or a quadratic queue', async () => {
    let most = 0
    let running = 0
    const has = async () => {
      most = Math.max(most, ++running)
      await settle()
      running--
      return true
    }
    const blocks = lookupOf({ ...manualStore().store, has })
    let answered = 0
    await new Promise<void>((resolve) => {
      for (let i = 0; i < 100_000; i++) {
        blocks.has(cid).subscribe(() => { if (++answered === 100_000) resolve() })
      }
    })
    expect(most).toBe(128)
  })

  test('is read once for a size, which is forgotten with the block', async () => {
    const calls: string[] = []
    let held = true
    const blocks = lookupOf({
      put: async (key) => key,
      has: async () => { calls.push('has'); return held },
      async * get () { calls.push('get'); yield bytes },
    })
    expect(await firstValueFrom(blocks.size(cid))).toBe(bytes.byteLength)
    expect(await firstValueFrom(blocks.size(cid))).toBe(bytes.byteLength)
    held = false
    expect(await firstValueFrom(blocks.size(cid))).toBeUndefined()
    expect(calls).toEqual(['get', 'has', 'has'])
  })

  test('remembers the sizes of the newest blocks only', async () => {
    let reads = 0
    const blocks = lookupOf({
      put: async (key) => key,
      has: async () => true,
      async * get () { reads++; yield bytes },
    }, { maxRememberedSizes: 4 })
    const cids = await Promise.all(['1', '2', '3', '4', '5'].map(cidOf))
    for (const each of cids) await firstValueFrom(blocks.size(each))
    await firstValueFrom(blocks.size(await cidOf('5')))
    expect(reads).toBe(5)
    await firstValueFrom(blocks.size(await cidOf('1')))
    expect(reads).toBe(6)
  })

  test('with a size of its own is not read', async () => {
    const blocks = lookupOf({ ...manualStore().store, size: async () => 7 })
    expect(await firstValueFrom(blocks.size(cid))).toBe(7)
  })
})
