import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FsBlockstore } from 'blockstore-fs'
import { NextToLast } from 'blockstore-fs/sharding'
import { NotFoundError } from 'interface-store'
import type { CID } from 'multiformats/cid'
import { multihashKey } from '../message/keys.ts'
import type { MultihashKey } from '../message/keys.ts'
import { failureOf } from './failure.ts'

/**
 * blockstore-fs, with what it lacks for serving: the size of a block without reading it, a read in
 * one piece, and room for two puts of the same block at the same time, which there fight for one
 * temporary file. What fails names the store: nobody typed the paths in it.
 */
export class DiskBlocks extends FsBlockstore {
  readonly #layout = new NextToLast()
  readonly #beingPut = new Map<MultihashKey, Promise<CID>>()

  override put (...[cid, value, options]: Parameters<FsBlockstore['put']>): Promise<CID> {
    const key = multihashKey(cid)
    const putting = this.#beingPut.get(key)
      ?? super.put(cid, value, options)
        .catch(this.#fail)
        .finally(() => this.#beingPut.delete(key))
    this.#beingPut.set(key, putting)
    return putting
  }

  override async * get (cid: CID): AsyncGenerator<Uint8Array> {
    const bytes = await readFile(this.#pathOf(cid)).catch(this.#failUnlessAbsent)
    if (bytes === undefined) throw new NotFoundError(`${cid} is not in ${this.path}`)
    yield bytes
  }

  async size (cid: CID): Promise<number | undefined> {
    return (await stat(this.#pathOf(cid)).catch(this.#failUnlessAbsent))?.size
  }

  #pathOf (cid: CID): string {
    const { dir, file } = this.#layout.encode(cid)
    return join(this.path, dir, file)
  }

  readonly #fail = (error: unknown): never => {
    throw failureOf(error, this.path)
  }

  readonly #failUnlessAbsent = (error: NodeJS.ErrnoException): undefined =>
    error.code === 'ENOENT' ? undefined : this.#fail(error)
}
