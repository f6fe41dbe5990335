import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as dagPb from '@ipld/dag-pb'
import { MemoryBlockstore } from 'blockstore-core'
import { UnixFS } from 'ipfs-unixfs'
import { importer } from 'ipfs-unixfs-importer'
import type { ImporterOptions } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { count, lastValueFrom, map } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { blockLookup } from '../../../src/adapters/blockstore.ts'
import type { Asking } from '../../../src/exchange.ts'
import { importPath } from '../../../src/cli/unixfs/import.ts'
import { unixFSOutput } from '../../../src/cli/unixfs/output.ts'
import type { Place } from '../../../src/cli/unixfs/place.ts'
import { walk } from '../../../src/cli/unixfs/walk.ts'
import { observed } from '../../../src/operators/now-or-later.ts'
import { fingerprint, someBytes, temporaryFolder, writeTree } from '../folder.ts'

const MIB = 1024 * 1024

/** Wants that a store answers. */
const askingFrom = (store: MemoryBlockstore): Pick<Asking, 'want'> => ({
  want: (cid) => observed(() => blockLookup(store).get(cid)).pipe(map((bytes) => {
    if (bytes === undefined) throw new Error(`${cid} is not there`)
    return { cid, bytes }
  })),
})

const fetchTo = async (path: string, store: MemoryBlockstore, cid: CID) => {
  const output = unixFSOutput()
  const root: Place = { type: 'entry', cid, statedSize: 0, path }
  const window = { concurrency: 16, maxBytes: 4 * MIB }
  const walked$ = walk({ asking: askingFrom(store), ...window, visit: output.visit }, root)
  return lastValueFrom(walked$.pipe(count()))
}

/** Serves a path to itself: what is imported is fetched beside it. */
const roundTrip = async (source: string): Promise<string> => {
  const store = new MemoryBlockstore()
  const cid = await importPath(source, {
    blockstore: store, read: () => {}, signal: new AbortController().signal,
  })
  const target = join(await temporaryFolder(), 'fetched')
  await fetchTo(target, store, cid)
  return target
}

describe('what serve imports, get writes the same', () => {
  const SIZES = [0, 1, 1000, MIB - 1, MIB, MIB + 1, 5 * MIB + 7]

  test.each(SIZES)('a file of %i bytes', async (size) => {
    const source = join(await temporaryFolder(), 'file')
    await writeFile(source, someBytes(size))
    expect(await fingerprint(await roundTrip(source))).toEqual(await fingerprint(source))
  })

  test('a file that repeats one block', async () => {
    const source = join(await temporaryFolder(), 'zeros')
    await writeFile(source, new Uint8Array(4 * MIB))
    expect(await fingerprint(await roundTrip(source))).toEqual(await fingerprint(source))
  })

  test('a folder with folders, links, empty ones and strange names', async () => {
    const source = join(await temporaryFolder(), 'folder')
    await writeTree(source, {
      'a.txt': someBytes(10),
      empty: new Uint8Array(),
      '.hidden/deep/er/file': someBytes(2 * MIB, 7),
      'with space, ^ and \\ and é/x': someBytes(3),
      '-rf': someBytes(4),
      '00': someBytes(5),
    })
    await mkdir(join(source, 'nothing in here'))
    await symlink('a.txt', join(source, 'link'))
    await symlink('../nowhere', join(source, 'broken link'))
    expect(await fingerprint(await roundTrip(source))).toEqual(await fingerprint(source))
  })

  test('an empty folder', async () => {
    const source = join(await temporaryFolder(), 'folder')
    await mkdir(source)
    expect(await fingerprint(await roundTrip(source))).toEqual(['folder'])
  })

  test('a folder so large that it is sharded', async () => {
    const source = join(await temporaryFolder(), 'folder')
    const names = Array.from({ length: 1_200 }, (_, i) => `${'long name '.repeat(22)}${i}`)
    const files = names.map((name, i) => [name, someBytes(i % 50, i)] as const)
    await writeTree(source, Object.fromEntries(files))
    expect(await fingerprint(await roundTrip(source))).toEqual(await fingerprint(source))
  }, 60_000)
})

describe('what others import', () => {
  const imported = async (bytes: Uint8Array, options: ImporterOptions) => {
    const store = new MemoryBlockstore()
    let cid: CID | undefined
    for await (const entry of importer([{ content: bytes }], store, options)) cid = entry.cid
    if (cid === undefined) return expect.unreachable()
    const path = join(await temporaryFolder(), 'fetched')
    const blocks = await fetchTo(path, store, cid)
    return { path, blocks }
  }

  test.each<[string, ImporterOptions]>([
    ['CIDv0 and wrapped leaves', { profile: 'unixfs-v0-2015' }],
    ['raw leaves', { profile: 'unixfs-v1-2025' }],
    ['leaves of type raw', { rawLeaves: false, leafType: 'raw', reduceSingleLeafToSelf: false }],
    ['a tree of many levels', {
      chunker: fixedSize({ chunkSize: 1000 }), layout: balanced({ maxChildrenPerNode: 3 }),
    }],
  ])('with %s', async (_, options) => {
    const bytes = someBytes(600_000)
    const original = join(await temporaryFolder(), 'file')
    await writeFile(original, bytes)
    const { path } = await imported(bytes, options)
    expect(await fingerprint(path)).toEqual(await fingerprint(original))
  })
})

describe('a graph that is made wrong or with bad intent', () => {
  const store = new MemoryBlockstore()
  const put = async (node: dagPb.PBNode): Promise<CID> => {
    const bytes = dagPb.encode(dagPb.prepare(node))
    const cid = CID.createV1(dagPb.code, await sha256.digest(bytes))
    void store.put(cid, bytes)
    return cid
  }
  const leaf = async (bytes: Uint8Array): Promise<CID> => {
    const cid = CID.createV1(0x55, await sha256.digest(bytes))
    void store.put(cid, bytes)
    return cid
  }
  const fetched = async (cid: CID) => fetchTo(join(await temporaryFolder(), 'fetched'), store, cid)
  const folderWith = async (...names: readonly string[]): Promise<CID> => {
    const Hash = await leaf(someBytes(3))
    const links = names.map((Name) => ({ Name, Hash, Tsize: 3 }))
    return put({ Data: new UnixFS({ type: 'directory' }).marshal(), Links: links })
  }

  test.each(['..', '.', '', 'a/b', '/etc/passwd', '../up', 'nul\0'])(
    'an entry named %j is refused', async (name) => {
      const folder = await temporaryFolder()
      const fetching = fetchTo(join(folder, 'fetched'), store, await folderWith(name))
      await expect(fetching).rejects.toThrow('could be written anywhere')
      expect(await readdir(folder, { recursive: true })).toEqual(['fetched'])
    },
  )

  test('two entries of one name are refused', async () => {
    const cid = await folderWith('twin', 'twin')
    await expect(fetched(cid)).rejects.toThrow('two entries')
  })

  test('a link is never written through', async () => {
    const folder = await temporaryFolder()
    const outside = join(folder, 'outside')
    await mkdir(outside)
    const link = await put({
      Data: new UnixFS({ type: 'symlink', data: new TextEncoder().encode(outside) }).marshal(),
      Links: [],
    })
    const cid = await put({
      Data: new UnixFS({ type: 'directory' }).marshal(),
      Links: [
        { Name: 'same', Hash: link, Tsize: 1 },
        { Name: 'same', Hash: await folderWith('planted'), Tsize: 1 },
      ],
    })
    await expect(fetchTo(join(folder, 'fetched'), store, cid)).rejects.toThrow('two entries')
    expect(await readdir(outside)).toEqual([])
  })

  test('a part of another size than the file says is refused', async () => {
    const Hash = await leaf(someBytes(10))
    const cid = await put({
      Data: new UnixFS({ type: 'file', blockSizes: [11n] }).marshal(), Links: [{ Hash, Tsize: 10 }],
    })
    await expect(fetched(cid)).rejects.toThrow('should be 11 bytes')
  })

  test('a file with parts of unknown size is refused', async () => {
    const Hash = await leaf(someBytes(10))
    const Data = new UnixFS({ type: 'file' }).marshal()
    const cid = await put({ Data, Links: [{ Hash, Tsize: 10 }] })
    await expect(fetched(cid)).rejects.toThrow('1 parts')
  })

  test('what is not UnixFS is refused', async () => {
    const cbor = CID.createV1(0x71, await sha256.digest(new Uint8Array([0xa0])))
    void store.put(cbor, new Uint8Array([0xa0]))
    await expect(fetched(cbor)).rejects.toThrow('not a file or folder')
    await expect(fetched(await put({ Links: [] }))).rejects.toThrow('not a file or folder')
  })
})
