/** What the samples of the documents take for granted: a connected node, and blocks to get. */
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import { tcp } from '@libp2p/tcp'
import { MemoryBlockstore } from 'blockstore-core'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { bitswap } from '../../src/index.ts'

const startNode = async (blockstore: MemoryBlockstore, ownBitswap = true) => createLibp2p({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  services: { identify: identify(), ...ownBitswap && { bitswap: bitswap({ blockstore }) } },
})

const held = new MemoryBlockstore()
const bytesOf = (index: number) => new TextEncoder().encode(`block ${index}`)
export const cids = await Promise.all(Array.from({ length: 10 }, async (_, index) => {
  const cid = CID.createV1(0x55, await sha256.digest(bytesOf(index)))
  await held.put(cid, bytesOf(index))
  return cid
}))
export const cid = cids[0]!
export const bytes = bytesOf(0)

const holder = await startNode(held)
export const address = holder.getMultiaddrs()[0]!

export const blockstore = new MemoryBlockstore()
const node = await startNode(blockstore)
await node.dial(address)
export const exchange = node.services.bitswap

export const libp2p = await startNode(blockstore, false)
