import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import type { Libp2p, PeerId } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { MemoryBlockstore } from 'blockstore-core'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { filter, firstValueFrom } from 'rxjs'
import { onTestFinished } from 'vitest'
import { createBitswap } from '../../src/adapters/libp2p-service.ts'
import type { BitswapEvent } from '../../src/events.ts'
import type { Exchange } from '../../src/exchange.ts'
import type { Block } from '../../src/message/message.ts'
import type { BitswapOptions } from '../../src/options.ts'
import { seededBytes } from '../../src/testing/seeded-random.ts'

/** A whole node: libp2p on TCP, Noise and Yamux, a blockstore and an exchange. */
export interface TestNode {
  readonly libp2p: Libp2p
  readonly peer: PeerId
  readonly blockstore: MemoryBlockstore
  readonly exchange: Exchange
  readonly events: BitswapEvent[]
}

export const startLibp2p = async (): Promise<Libp2p> => {
  const libp2p = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify() },
  })
  onTestFinished(() => libp2p.stop())
  return libp2p
}

/** Stopped when the test is over. */
export const startNode = async (
  options: BitswapOptions = {},
  blockstore: MemoryBlockstore = new MemoryBlockstore(),
): Promise<TestNode> => {
  const libp2p = await startLibp2p()
  const exchange = createBitswap({ libp2p, blockstore }, options)
  const events: BitswapEvent[] = []
  exchange.event$.subscribe((event) => events.push(event))
  await exchange.start()
  onTestFinished(() => exchange.stop())
  return { libp2p, peer: libp2p.peerId, blockstore, exchange, events }
}

/** Dials; resolves once both know each other as Bitswap peers. */
export const connect = async (a: TestNode, b: TestNode): Promise<void> => {
  await a.libp2p.dial(b.libp2p.getMultiaddrs())
  await Promise.all([knows(a, b.peer), knows(b, a.peer)])
}

export const knows = (node: TestNode, peer: PeerId): Promise<unknown> =>
  firstValueFrom(node.exchange.peers$.pipe(filter((peers) => peers.has(peer.toString()))))

export const forgets = (node: TestNode, peer: PeerId): Promise<unknown> =>
  firstValueFrom(node.exchange.peers$.pipe(filter((peers) => !peers.has(peer.toString()))))

export const blockOf = async (name: string, byteLength = 2_000): Promise<Block> => {
  const bytes = seededBytes(name, byteLength)
  return { cid: CID.createV1(0x55, await sha256.digest(bytes)), bytes }
}

export const blocksOf = (name: string, count: number, byteLength = 2_000): Promise<Block[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => blockOf(`${name} ${n}`, byteLength)))

export const cidsOf = (blocks: readonly Block[]): CID[] => blocks.map(({ cid }) => cid)

export const give = async (node: TestNode, blocks: readonly Block[]): Promise<void> => {
  for (const { cid, bytes } of blocks) await node.blockstore.put(cid, bytes)
}

/** What the node is known to want, as seen by `at`. */
export const wantedAt = (at: TestNode, by: TestNode, size: number): Promise<unknown> =>
  firstValueFrom(at.exchange.peerWantlist(by.peer).pipe(filter((wants) => wants.size === size)))
