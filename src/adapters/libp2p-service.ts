import { serviceDependencies } from '@libp2p/interface'
import type { ContentRouting, Libp2p, Startable } from '@libp2p/interface'
import type { MultihashHasher } from 'multiformats/hashes/interface'
import { createExchange } from '../create-exchange.ts'
import type { Exchange } from '../exchange.ts'
import { hostOf } from '../network/host.ts'
import type { Libp2pHost, Libp2pHostComponents } from '../network/host.ts'
import { libp2pNetwork } from '../network/libp2p-network.ts'
import type { Libp2pNetwork } from '../network/libp2p-network.ts'
import type { BitswapOptions } from '../options.ts'
import type { Providers } from '../ports.ts'
import { blockLookup } from './blockstore.ts'
import type { LocalBlockstore } from './blockstore.ts'
import { hashers } from './hashers.ts'
import { libp2pProviders } from './routing.ts'
import { systemClock } from './system-clock.ts'

/** What Bitswap on libp2p is given besides the options of the protocol. */
export interface BitswapInit extends BitswapOptions {
  /** Where fetched blocks go, and served ones come from. */
  readonly blockstore: LocalBlockstore
  /** Hash functions besides SHA-1, SHA2-256 and SHA2-512. */
  readonly hashers?: Iterable<MultihashHasher>
  /** Finds peers that have what no connected peer has. Default: the node's content routing. */
  readonly providers?: Providers
  /** Use connections that a relay limits in time and bytes, too. Default `false`, as in libp2p. */
  readonly runOnLimitedConnections?: boolean
}

/** The components of a libp2p node that the service uses. */
export interface BitswapComponents extends Libp2pHostComponents {
  readonly contentRouting: Pick<ContentRouting, 'findProviders'>
}

/** What `createBitswap` is given: a node, and where its blocks are. */
export interface CreateBitswapInit extends BitswapInit {
  /** Needs the identify service. */
  readonly libp2p: Pick<Libp2p, keyof Libp2pHost | 'contentRouting'>
}

/** The exchange as libp2p runs it: it starts and stops with the node. */
export type BitswapService = Exchange & Startable

/**
 * Bitswap as a libp2p service, which starts and stops with its node.
 *
 * ```ts
 * const node = await createLibp2p({
 *   services: { identify: identify(), bitswap: bitswap({ blockstore }) },
 *   ...
 * })
 * node.services.bitswap.want(cid).subscribe(({ bytes }) => ...)
 * ```
 */
export const bitswap = (init: BitswapInit) => (components: BitswapComponents): BitswapService =>
  serviceOn(hostOf(components), components.contentRouting, init)

/** Bitswap on a node that exists. Starts with `start()`, and is to be stopped before the node. */
export const createBitswap = (
  { libp2p, ...init }: CreateBitswapInit,
  options: BitswapOptions = {},
): BitswapService => serviceOn(libp2p, libp2p.contentRouting, { ...init, ...options })

const serviceOn = (
  host: Libp2pHost,
  contentRouting: Pick<ContentRouting, 'findProviders'>,
  { blockstore, hashers: moreHashers, providers, runOnLimitedConnections, ...options }: BitswapInit,
): BitswapService => {
  const clock = systemClock
  const network = libp2pNetwork(host, { clock, runOnLimitedConnections })
  const exchange = createExchange({
    network,
    lookup: blockLookup(blockstore),
    hashers: hashers(moreHashers),
    clock,
    random: Math.random,
    providers: providers ?? libp2pProviders(contentRouting),
  }, options)
  return startedWith(network, exchange)
}

/** The same exchange, except that its life spans the network's. */
const startedWith = (network: Libp2pNetwork, exchange: Exchange): BitswapService => {
  let last: Promise<unknown> = Promise.resolve()
  /** Whatever is called meanwhile waits: a stop takes its time, and a start in it would be lost. */
  const inTurn = (task: () => Promise<void>) => (): Promise<void> => {
    const done = last.then(task)
    last = done.catch(() => undefined)
    return done
  }
  const stop = inTurn(async () => {
    await exchange.stop()
    await network.stop()
  })
  const lifecycle = {
    [Symbol.toStringTag]: 'rx-bitswap',
    // Without identify nobody is ever known to speak Bitswap.
    [serviceDependencies]: ['@libp2p/identify'],
    start: inTurn(async () => {
      // First, for somebody has to listen when the network begins to hear.
      await exchange.start()
      await network.start().catch(async (error: unknown) => {
        await exchange.stop()
        throw error
      })
    }),
    // Before the node closes its connections: the last cancels are to arrive.
    beforeStop: stop,
    stop,
    [Symbol.asyncDispose]: stop,
  }
  // By prototype: the exchange's streams are getters, and belong to its current run.
  return Object.setPrototypeOf(lifecycle, exchange) as BitswapService
}
