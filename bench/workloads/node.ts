import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import type { Multiaddr } from '@multiformats/multiaddr'
import { MemoryBlockstore } from 'blockstore-core'
import { createLibp2p } from 'libp2p'
import type { Attach, Contender } from './contender.ts'
import { until } from './until.ts'

export interface Node {
  readonly libp2p: Libp2p
  readonly blockstore: MemoryBlockstore
}

/** TCP on loopback, Noise, Yamux, identify; a store in memory. The same for every contender. */
export const startNode = async (): Promise<Node> => ({
  libp2p: await startLibp2p(),
  blockstore: new MemoryBlockstore(),
})

export const startLibp2p = (): Promise<Libp2p> => createLibp2p({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  connectionMonitor: { enabled: false },
  // Sixteen clients that dial at once from one address are no attack here.
  connectionManager: { inboundConnectionThreshold: Infinity, maxIncomingPendingConnections: 100 },
  services: { identify: identify() },
})

/** A new node, with every one of the holders as its peer. */
export const connect = async (attach: Attach, holders: readonly Node[]): Promise<Contender> =>
  connectTo(attach, holders.map(({ libp2p }) => libp2p.getMultiaddrs()))

export const connectTo = async (
  attach: Attach,
  addresses: readonly Multiaddr[][],
): Promise<Contender> => {
  const node = await startNode()
  const client = await attach(node)
  for (const address of addresses) await node.libp2p.dial(address)
  await until(() => client.peers() === addresses.length)
  return client
}
