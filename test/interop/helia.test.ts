import type { MemoryBlockstore } from 'blockstore-core'
import { exporter } from 'ipfs-unixfs-exporter'
import { importBytes } from 'ipfs-unixfs-importer'
import type { CID } from 'multiformats/cid'
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import { seededBytes } from '../../src/testing/seeded-random.ts'
import { blocksOf, cidsOf, give, knows, startNode, type TestNode } from '../node/nodes.ts'
import { type HeliaNode, startHelia } from './helia-node.ts'

const FILE_BYTES = 3 * 1024 * 1024 + 17

const pair = async (): Promise<{ ours: TestNode, helia: HeliaNode }> => {
  const [ours, helia] = await Promise.all([startNode(), startHelia()])
  await ours.libp2p.dial(helia.libp2p.getMultiaddrs())
  await knows(ours, helia.libp2p.peerId)
  await vi.waitFor(() => { expect(helia.bitswap.wantList.peers.size).toBe(1) })
  return { ours, helia }
}

/** Reads a UnixFS file whose blocks come from `want`. */
const read = async (root: CID, want: (cid: CID) => Promise<Uint8Array>): Promise<Uint8Array> => {
  const entry = await exporter(root, {
    async * get (cid) {
      yield await want(cid)
    },
  })
  if (entry.type !== 'file' && entry.type !== 'raw') throw new Error('not a file')
  const pieces: Uint8Array[] = []
  for await (const piece of entry.content()) pieces.push(piece)
  return Buffer.concat(pieces)
}

const importFile = async (
  blockstore: MemoryBlockstore,
): Promise<{ root: CID, file: Uint8Array }> => {
  const file = seededBytes('a file', FILE_BYTES)
  const { cid } = await importBytes(file, blockstore, { rawLeaves: true })
  return { root: cid, file }
}

describe('@helia/bitswap', () => {
  it('gives us a file', async () => {
    const { ours, helia } = await pair()
    const { root, file } = await importFile(helia.blockstore)
    expect(await read(root, (cid) => ours.exchange.block(cid))).toEqual(Buffer.from(file))
  })

  it('gets a file from us', async () => {
    const { ours, helia } = await pair()
    const { root, file } = await importFile(ours.blockstore)
    expect(await read(root, (cid) => helia.want(cid))).toEqual(Buffer.from(file))
  })

  it('gives and gets a thousand small blocks at once', async () => {
    const { ours, helia } = await pair()
    const [mine, theirs] = await Promise.all([
      blocksOf('mine', 1_000, 500),
      blocksOf('theirs', 1_000, 500),
    ])
    await give(ours, mine)
    for (const { cid, bytes } of theirs) await helia.blockstore.put(cid, bytes)
    const arrival$ = ours.exchange.retrieve(cidsOf(theirs), { concurrency: 1_000 })
    const [got, gave] = await Promise.all([
      lastValueFrom(arrival$.pipe(toArray())),
      Promise.all(mine.map(({ cid }) => helia.want(cid))),
    ])
    expect(got).toHaveLength(1_000)
    expect(gave.map((bytes) => bytes.byteLength)).toEqual(mine.map(({ bytes }) => bytes.byteLength))
  })

  it('tells us what it has and what it lacks', async () => {
    const { ours, helia } = await pair()
    const [held, lacking] = await blocksOf('x', 2, 5_000)
    if (held === undefined || lacking === undefined) throw new Error('no blocks')
    await helia.blockstore.put(held.cid, held.bytes)
    const ask = (cid: CID) => firstValueFrom(ours.exchange.availability(cid))
    expect(await ask(held.cid)).toMatchObject({ presence: 'have' })
    expect(await ask(lacking.cid)).toMatchObject({ presence: 'dont-have' })
  })

  it('is pushed a block that it waits for', async () => {
    const { ours, helia } = await pair()
    const [block] = await blocksOf('x', 1)
    if (block === undefined) throw new Error('no block')
    const arrival = helia.want(block.cid)
    await firstValueFrom(ours.exchange.message$)
    await give(ours, [block])
    ours.exchange.notify([block.cid])
    expect(new Uint8Array(await arrival)).toEqual(block.bytes)
  })
})
