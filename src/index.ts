export { createExchange } from './create-exchange.ts'
export type { Ports } from './bitswap.ts'
export type * from './exchange.ts'
export type * from './events.ts'
export type * from './ports.ts'
export type { BitswapOptions, ClientOptions, ServerOptions } from './options.ts'
export { CLIENT_DEFAULTS, SERVER_DEFAULTS } from './options.ts'
export * from './errors.ts'
export { multihashKey, type MultihashKey } from './message/keys.ts'
export type {
  Block, Message, OutgoingMessage, Presence, PresenceType, ReceivedMessage, UnverifiedBlock, WantEntry, WantlistEntry, WantType,
} from './message/message.ts'
