import type { PeerId } from '@libp2p/interface'
import { createExchange } from '../create-exchange.ts'
import type { Exchange } from '../exchange.ts'
import type { Block } from '../message/message.ts'
import type { BitswapOptions } from '../options.ts'
import type { Clock, Providers } from '../ports.ts'
import { memoryBlocks, type MemoryBlocks } from './memory-blocks.ts'
import { seededRandom } from './seeded-random.ts'
import { simulatedHashers } from './simulated-block.ts'
import { simulatedPeerId } from './simulated-peer-id.ts'
import type { SwarmNetwork } from './swarm-network.ts'

export interface SimulatedNodeInit {
  /** Decides the peer id, and the node's chance. */
  readonly name: string
  readonly clock: Clock
  readonly network: SwarmNetwork
  /** What it has. */
  readonly blocks?: Iterable<Block>
  readonly providers?: Providers
  readonly options?: BitswapOptions
}

export interface SimulatedNode {
  readonly peer: PeerId
  readonly exchange: Exchange
  readonly store: MemoryBlocks
}

/** A running node of a swarm: the real core, on virtual time and a store in memory. */
export const simulatedNode = (init: SimulatedNodeInit): SimulatedNode => {
  const { name, clock, network, blocks = [], providers, options } = init
  const peer = simulatedPeerId(name)
  const store = memoryBlocks({ clock, blocks })
  const exchange = createExchange({
    network: network.join(peer),
    lookup: store,
    hashers: simulatedHashers,
    clock,
    random: seededRandom(name),
    ...(providers !== undefined && { providers }),
  }, options)
  void exchange.start()
  return { peer, exchange, store }
}
