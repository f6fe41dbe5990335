import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import type { Libp2p } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import type { Multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import type { Observable } from 'rxjs'
import { bitswap } from '../adapters/libp2p-service.ts'
import type { LocalBlockstore } from '../adapters/blockstore.ts'
import type { Exchange } from '../exchange.ts'
import type { BitswapOptions } from '../options.ts'
import { withResource } from './with-resource.ts'

/** A running libp2p node with Bitswap on it. */
export type Node = Libp2p<{ identify: unknown, bitswap: Exchange }>

export interface NodeInit {
  readonly blockstore: LocalBlockstore
  /** None: the node only dials. */
  readonly listen: readonly Multiaddr[]
  readonly bitswap?: BitswapOptions
}

/** Runs `use` on a node that is started for it, and stopped when that ends or is unsubscribed. */
export const withNode = <T>(init: NodeInit, use: (node: Node) => Observable<T>): Observable<T> =>
  withResource({ acquire: () => startNode(init), release: async (node) => node.stop() }, use)

const startNode = ({ blockstore, listen, bitswap: options }: NodeInit): Promise<Node> =>
  createLibp2p({
    addresses: { listen: listen.map(String) },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify(), bitswap: bitswap({ blockstore, ...options }) },
    // A ping waits behind the blocks of a busy link: its delay is no reason to cut it.
    connectionMonitor: { abortConnectionOnPingFailure: false },
  })
