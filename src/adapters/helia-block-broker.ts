/**
 * Bitswap as a block broker of Helia 7: where Helia gets blocks that it does not have, and whom it
 * tells of new ones.
 *
 * ```ts
 * import { withLibp2p } from '@helia/libp2p'
 * import { createHeliaLight } from 'helia'
 * import { withRxBitswap } from 'rx-bitswap/helia'
 *
 * const helia = await withRxBitswap(withLibp2p(createHeliaLight())).start()
 * ```
 *
 * Light, because `createHelia` brings `@helia/bitswap`, and two cannot handle one protocol.
 *
 * With a libp2p node of your own, that has the identify service:
 *
 * ```ts
 * import { rxBitswap } from 'rx-bitswap/helia'
 *
 * const helia = createHeliaLight({ blockBrokers: [rxBitswap({ libp2p })] })
 * ```
 *
 * @module
 */
import type {
  BlockBroker, BlockBrokerGetBlockProgressEvents, Helia, Routing, SessionBlockBroker,
} from '@helia/interface'
import type { Libp2p, PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import { defer, finalize } from 'rxjs'
import type { Exchange } from '../exchange.ts'
import type { LocalBlockstore } from './blockstore.ts'
import { dialTargets } from './helia-dial-targets.ts'
import { HELIA_BROKER, heliaProgress } from './helia-progress.ts'
import { heliaProviders } from './helia-providers.ts'
import { retrieval } from './helia-retrieval.ts'
import { createBitswap } from './libp2p-service.ts'
import type { CreateBitswapInit } from './libp2p-service.ts'

/** The components of a Helia node that the broker uses. */
export interface HeliaComponents {
  /** The store itself; `helia.blockstore` fetches what it does not have. */
  readonly blockstore: LocalBlockstore
  readonly routing: Pick<Routing, 'findProviders'>
}

/** A node, and the options of the exchange that is made on it. */
export interface RxBitswapInit extends Omit<CreateBitswapInit, 'blockstore'> {
  readonly libp2p: CreateBitswapInit['libp2p'] & Pick<Libp2p, 'peerStore'>
}

/**
 * - `retrieve` wants a block until its signal aborts, which cancels. With `providers`, they are
 *   dialled and asked first. Errors: the signal's reason, and those of `Exchange.want`;
 *   `InvalidBlockError` for more than `maxSize` bytes.
 * - `announce` is `Exchange.notify`: it may come before or after the put, and does not wait.
 * - `createSession` needs no closing. `minProviders`, `maxProviders` and `cidPeerFilterSize` mean
 *   nothing to it: it asks its providers first, and widens the circle as blocks are not found.
 */
export type RxBitswapBroker = Required<BlockBroker<BlockBrokerGetBlockProgressEvents>>

/** Helia starts and stops it, more than once. */
export interface OwnRxBitswapBroker extends RxBitswapBroker {
  start(): Promise<void>
  stop(): Promise<void>
}

/**
 * A broker named `rx-bitswap`, for `createHeliaLight({ blockBrokers })` and
 * `helia.addBlockBroker()`: either on an exchange that exists, and whose owner starts and stops it,
 * or on a libp2p node, with Helia's own store and routing, and Helia's life.
 */
export function rxBitswap (exchange: Exchange): () => RxBitswapBroker
export function rxBitswap (init: RxBitswapInit): (components: HeliaComponents) => OwnRxBitswapBroker
export function rxBitswap (
  source: Exchange | RxBitswapInit,
): (components: HeliaComponents) => RxBitswapBroker {
  return 'libp2p' in source
    ? (components) => ownBroker(source, components)
    : () => brokerOn(source, peerAddress)
}

/** A Helia node with a libp2p node, as `withLibp2p` makes it. */
export interface HeliaWithLibp2p extends Helia {
  /** Read when Helia starts, not before. */
  readonly libp2p: RxBitswapInit['libp2p']
}

/** Adds the broker to a Helia node that brings its own libp2p node. Returns the same Helia node. */
export const withRxBitswap = <H extends HeliaWithLibp2p>(
  helia: H,
  options: Omit<RxBitswapInit, 'libp2p'> = {},
): H => {
  helia.addMixin<H>({
    name: HELIA_BROKER,
    start: async ({ libp2p }) => {
      if (helia.hasBlockBroker(HELIA_BROKER)) return
      const started: Promise<void>[] = []
      helia.addBlockBroker((components: HeliaComponents) => {
        const broker = rxBitswap({ ...options, libp2p })(components)
        // Helia started the brokers that it had before it started its mixins.
        started.push(broker.start())
        return broker
      })
      await Promise.all(started)
    },
  })
  return helia
}

const ownBroker = (
  { libp2p, ...init }: RxBitswapInit,
  { blockstore, routing }: HeliaComponents,
): OwnRxBitswapBroker => {
  const providers = heliaProviders({ routing, peerStore: libp2p.peerStore })
  const exchange = createBitswap({ libp2p, blockstore, providers, ...init })
  const addressOf = (peer: PeerId): Multiaddr =>
    libp2p.getConnections(peer)[0]?.remoteAddr ?? peerAddress(peer)
  return { ...brokerOn(exchange, addressOf), start: exchange.start, stop: exchange.stop }
}

const peerAddress = (peer: PeerId): Multiaddr => multiaddr(`/p2p/${peer}`)

/** Helia asks its brokers for what it does not find in its store. */
const LOOKED = { absent: true }

const brokerOn = (
  exchange: Exchange,
  addressOf: (peer: PeerId) => Multiaddr,
): RxBitswapBroker => {
  const retrieve = retrieval(heliaProgress(exchange, addressOf))
  const announce = (cid: CID): Promise<void> => {
    exchange.notify([cid])
    return Promise.resolve()
  }
  return {
    name: HELIA_BROKER,
    announce,
    retrieve: (cid, options = {}) => {
      const providers = dialTargets(options.providers)
      const sessionWant$ = defer(() => {
        const session = exchange.session({ providers })
        return session.want(cid, LOOKED).pipe(finalize(session.close))
      })
      const arrival$ = providers.length === 0 ? exchange.want(cid, LOOKED) : sessionWant$
      return retrieve(arrival$, { cid, providers }, options)
    },
    createSession: (options = {}): SessionBlockBroker => {
      const providers = dialTargets(options.providers)
      let session = exchange.session({ providers })
      return {
        name: `${HELIA_BROKER}-session`,
        announce,
        retrieve: (cid, asked = {}) =>
          retrieve(session.want(cid, LOOKED), { cid, providers }, asked),
        addPeer: (peer) => {
          providers.push(...dialTargets([peer]))
          // One that waited for more providers would be kept until the node stops.
          session = exchange.session({ providers })
          return Promise.resolve()
        },
      }
    },
  }
}
