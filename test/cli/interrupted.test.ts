import { readdir } from 'node:fs/promises'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import { tcp } from '@libp2p/tcp'
import { MemoryBlockstore } from 'blockstore-core'
import { createLibp2p } from 'libp2p'
import type { CID } from 'multiformats/cid'
import { filter, firstValueFrom, map, mergeMap, take, toArray } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { bitswap } from '../../src/adapters/libp2p-service.ts'
import { importPath } from '../../src/cli/unixfs/import.ts'
import { beforeItEnds, start } from './command.ts'
import { someBytes, temporaryFolder, writeTree } from './folder.ts'

/** A node that has the root of a folder and nothing below it, and does not say so. */
const halfServed = async () => {
  const folder = await temporaryFolder()
  await writeTree(folder, { one: someBytes(10, 1), two: someBytes(10, 2) })
  const blockstore = new MemoryBlockstore()
  const root = await importPath(folder, {
    blockstore, read: () => {}, signal: new AbortController().signal,
  })
  const get = blockstore.get.bind(blockstore)
  const never = async function * (): AsyncGenerator<Uint8Array> {
    await new Promise<never>(() => {})
  }
  const silent = Object.assign(blockstore, {
    get: (cid: CID) => cid.equals(root) ? get(cid) : never(),
  })
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), bitswap: bitswap({ blockstore: silent }) },
  })
  onTestFinished(async () => node.stop())
  return { root: root.toString(), address: String(node.getMultiaddrs()[0]), node }
}

test.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s cancels the wants, leaves nothing behind, exits %i', async (signal, exitCode) => {
  const { root, address, node: { services } } = await halfServed()
  const { message$, cancel$ } = services.bitswap
  const wantsOfFiles = firstValueFrom(message$.pipe(
    mergeMap(({ message }) => message.wantlist.entries),
    filter(({ type, cid }) => type === 'want-block' && cid.toString() !== root),
    map(({ cid }) => cid.toString()),
    take(2),
    toArray(),
  ))
  const cancelled = firstValueFrom(cancel$.pipe(
    map(({ cid }) => cid.toString()),
    filter((cid) => cid !== root),
    take(2),
    toArray(),
  ))
  const folder = await temporaryFolder()
  const getting = start(['get', root, '--from', address, '-o', 'out'], { cwd: folder })

  const wanted = await beforeItEnds(getting, wantsOfFiles)
  getting.child.kill(signal)
  expect((await cancelled).toSorted()).toEqual(wanted.toSorted())
  const { stdout, stderr, ...end } = await getting.ended
  expect(end).toMatchObject({ exitCode, signal: null })
  expect(stdout).toBe('')
  expect(stderr).not.toContain('Error')
  expect(await readdir(folder)).toEqual([])
})

test('a reader that goes away ends the command in silence', async () => {
  const { child, ended } = start(['serve', import.meta.filename, '--memory', '--json'])
  child.stdout.destroy()
  expect(await ended).toMatchObject({ exitCode: 141, signal: null, stderr: '' })
})
