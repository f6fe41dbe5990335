import { randomFillSync } from 'node:crypto'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'
import { memory } from '@libp2p/memory'
import { plaintext } from '@libp2p/plaintext'
import { MemoryBlockstore } from 'blockstore-core'
import type { Libp2pOptions } from 'libp2p'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { describe, expect, it } from 'vitest'
import { bitswap, type Exchange } from '../../src/index.ts'
import { streamsOf, testNode } from './nodes.ts'

const start = (
  blockstore: MemoryBlockstore,
  layers: Partial<Libp2pOptions>,
): Promise<Libp2p<{ bitswap: Exchange }>> => testNode({
  ...layers,
  streamMuxers: [yamux()],
  services: { identify: identify(), bitswap: bitswap({ blockstore }) },
})

const newBlock = async (byteLength: number) => {
  const bytes = randomFillSync(new Uint8Array(byteLength))
  return { bytes, cid: CID.createV1(raw.code, await sha256.digest(bytes)) }
}

/** A block that goes from one node to another, and the parts in which it arrives. */
const transfer = async (
  byteLength: number,
  holding: Partial<Libp2pOptions>,
  asking: Partial<Libp2pOptions>,
) => {
  const store = new MemoryBlockstore()
  const [small, large] = await Promise.all([newBlock(1), newBlock(byteLength)])
  for (const { cid, bytes } of [small, large]) await store.put(cid, bytes)
  const holder = await start(store, holding)
  const asker = await start(new MemoryBlockstore(), asking)
  await asker.dial(holder.getMultiaddrs())
  // The streams are kept for what follows.
  await asker.services.bitswap.block(small.cid)
  const parts: Uint8Array[] = []
  for (const stream of streamsOf(asker, holder)) {
    stream.addEventListener('message', ({ data }) => {
      parts.push(...data instanceof Uint8Array ? [data] : data)
    })
  }
  const received = await asker.services.bitswap.block(large.cid)
  return { held: large.bytes, received, parts }
}

const isFree = ({ buffer }: Uint8Array): boolean => buffer.byteLength === 0

describe('buffers that were copied', () => {
  it('are freed where Noise made them', async () => {
    const { held, received, parts } = await transfer(256 * 1024, {}, {})
    expect(Buffer.compare(received, held)).toBe(0)
    expect(parts.some(isFree)).toBe(true)
  })

  it('are left alone where they may be the block in the store of the peer', async () => {
    const layers = { transports: [memory()], connectionEncrypters: [plaintext()] }
    const holding = { ...layers, addresses: { listen: ['/memory/holder'] } }
    const asking = { ...layers, addresses: {} }
    // Small enough to be handed over in one piece.
    const { held, received, parts } = await transfer(32 * 1024, holding, asking)
    expect(held).toHaveLength(32 * 1024)
    expect(Buffer.compare(received, held)).toBe(0)
    expect(parts.some(isFree)).toBe(false)
  })
})
