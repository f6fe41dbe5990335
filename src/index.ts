/**
 * Bitswap as streams: subscribing is wanting, unsubscribing is cancelling.
 *
 * ```ts
 * import { noise } from '@chainsafe/libp2p-noise'
 * import { yamux } from '@chainsafe/libp2p-yamux'
 * import { identify } from '@libp2p/identify'
 * import { tcp } from '@libp2p/tcp'
 * import { MemoryBlockstore } from 'blockstore-core'
 * import { createLibp2p } from 'libp2p'
 * import { bitswap } from 'rx-bitswap'
 *
 * const node = await createLibp2p({
 *   transports: [tcp()],
 *   connectionEncrypters: [noise()],
 *   streamMuxers: [yamux()],
 *   services: { identify: identify(), bitswap: bitswap({ blockstore: new MemoryBlockstore() }) },
 * })
 * node.services.bitswap.want(cid).subscribe(({ bytes, from }) => {
 *   console.log(`${bytes.byteLength} bytes from ${from}`)
 * })
 * ```
 *
 * - Requests (`want`, `retrieve`, `availability`) are cold: each subscription asks, ends with the
 *   answer, and cancels when it is left before. Any number of them share one want on the wire.
 * - Events (`message$`, `sent$`, `block$`, `presence$`, `cancel$`, `event$`) are hot, without
 *   replay.
 * - State (`wantlist$`, `peers$`, `stats$`, `peerWantlist()`, `ledger()`) begins with its current
 *   value.
 *
 * Events and state never error, and complete on `stop()`. A throw in a subscriber's callback is
 * reported by RxJS as an unhandled error (set `config.onUnhandledError` to catch it); the node and
 * all other subscribers go on.
 *
 * @module
 */
export {
  bitswap, createBitswap,
  type BitswapComponents, type BitswapInit, type BitswapService, type CreateBitswapInit,
} from './adapters/libp2p-service.ts'
export type { Ports } from './bitswap.ts'
export { createExchange } from './create-exchange.ts'
export * from './errors.ts'
export type * from './events.ts'
export type * from './exchange.ts'
export { multihashKey, type MultihashKey } from './message/keys.ts'
export type {
  Block, CancelEntry, Message, MessageWantlist, OutgoingMessage, Presence, PresenceType,
  ReceivedMessage, UnverifiedBlock, WantEntry, WantlistEntry, WantType,
} from './message/message.ts'
export {
  CLIENT_DEFAULTS, SERVER_DEFAULTS, type BitswapOptions, type ClientOptions, type ServerOptions,
} from './options.ts'
export type * from './ports.ts'
