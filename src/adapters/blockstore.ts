import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'
import { Uint8ArrayList } from 'uint8arraylist'
import { StoreError } from '../errors.ts'
import { type MultihashKey, multihashKey } from '../message/keys.ts'
import { NO_BYTES } from '../message/wire.ts'
import type { BlockLookup } from '../ports.ts'
import { recentlyUsed } from '../wantlist/recently-used.ts'
import { boundedOperations } from './bounded-operations.ts'
import { isPromise } from './is-promise.ts'

/** The part of an interface-blockstore that is used, and a size query if the store has one. */
export interface LocalBlockstore
  extends Pick<Blockstore<object, object, object, { offline?: boolean }>, 'has' | 'get' | 'put'> {
  /** Bytes of the block, `undefined` if absent. Not in interface-blockstore; spares a read. */
  size?(cid: CID): number | undefined | Promise<number | undefined>
}

export interface BlockLookupOptions {
  /** Asynchronous calls of the store at the same time; others wait their turn. Default 128. */
  readonly concurrency?: number
  /** Block sizes remembered of a store without `size`, ~100 bytes each. Default 65,536. */
  readonly maxRememberedSizes?: number
}

/**
 * The `BlockLookup` port on an interface-blockstore. Each call is one call of the store, made at
 * once unless `concurrency` others are under way, and answered as the store answers. A block that
 * comes in pieces is joined. Errors are `StoreError`s, save the store's `NotFoundError`, which
 * means `undefined`.
 *
 * A store without `size` is read once to learn a block's size. Unless the read was synchronous,
 * and so cheap, the size is then remembered: `size` only asks whether the block is still there.
 */
export const blockLookup = (
  store: LocalBlockstore,
  { concurrency = 128, maxRememberedSizes = 65_536 }: BlockLookupOptions = {},
): BlockLookup => {
  const operation = boundedOperations(concurrency)
  const sizes = recentlyUsed<MultihashKey, number>(maxRememberedSizes)

  const size = (cid: CID): number | undefined | Promise<number | undefined> => {
    if (store.size !== undefined) return store.size(cid)
    const key = multihashKey(cid)
    const remembered = sizes.get(key)
    if (remembered !== undefined) {
      const sizeIf = (isHeld: boolean): number | undefined => isHeld ? remembered : undefined
      const held = store.has(cid)
      return isPromise(held) ? held.then(sizeIf) : sizeIf(held)
    }
    const block = read(store, cid)
    if (!isPromise(block)) return block.byteLength
    return block.then(({ byteLength }) => {
      sizes.set(key, byteLength)
      return byteLength
    })
  }

  const put = (cid: CID, bytes: Uint8Array): void | Promise<void> => {
    const stored = store.put(cid, bytes)
    if (!isPromise(stored)) return
    return stored.then(() => { sizes.set(multihashKey(cid), bytes.byteLength) })
  }

  return {
    has: operation((cid) => store.has(cid), failedRead),
    size: operation(unlessAbsent(size), failedRead),
    get: operation(unlessAbsent((cid) => read(store, cid)), failedRead),
    put: operation(put, (cause, cid) => new StoreError('write', cid, cause)),
  }
}

const failedRead = (cause: unknown, cid: CID): StoreError => new StoreError('read', cid, cause)

/** So that Helia's networked store does not fetch what a peer asks of us; others ignore it. */
const LOCAL = { offline: true }

const read = (store: LocalBlockstore, cid: CID): Uint8Array | Promise<Uint8Array> => {
  const pieces = store.get(cid, LOCAL)
  return Symbol.asyncIterator in pieces
    ? Array.fromAsync(pieces).then(join)
    : join(pieces)
}

/** Nearly every block is one piece. */
const join = ([piece = NO_BYTES, ...more]: Iterable<Uint8Array>): Uint8Array =>
  more.length === 0 ? piece : new Uint8ArrayList(piece, ...more).subarray()

/** The call's value, or `undefined` if it ends in the `NotFoundError` of the store. */
const unlessAbsent = <T>(call: (cid: CID) => T | Promise<T>) =>
  (cid: CID): T | undefined | Promise<T | undefined> => {
    try {
      const value = call(cid)
      return isPromise(value) ? value.catch(undefinedIfAbsent) : value
    } catch (error) {
      return undefinedIfAbsent(error)
    }
  }

const undefinedIfAbsent = (error: unknown): undefined => {
  // By name: several copies of interface-store may live in one install.
  if (error instanceof Error && error.name === 'NotFoundError') return undefined
  throw error
}
