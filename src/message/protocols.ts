/** The protocols that Bitswap goes by, in the order of preference in which boxo offers them. */
export const BITSWAP_PROTOCOLS = [
  '/ipfs/bitswap/1.2.0',
  '/ipfs/bitswap/1.1.0',
  '/ipfs/bitswap/1.0.0',
  '/ipfs/bitswap',
] as const

export type ProtocolVersion = (typeof BITSWAP_PROTOCOLS)[number]

/** What is spoken when both sides can. */
export const LATEST_PROTOCOL: ProtocolVersion = BITSWAP_PROTOCOLS[0]

/** Whether the peer knows want-have, HAVE and DONT_HAVE. A newer protocol than ours does. */
export const supportsHave = (protocol: string): boolean =>
  protocol !== '/ipfs/bitswap/1.1.0' && !carriesRawBlocks(protocol)

/** Whether blocks travel without a prefix, so that only version 0 CIDs can be served. */
export const carriesRawBlocks = (protocol: string): boolean =>
  protocol === '/ipfs/bitswap/1.0.0' || protocol === '/ipfs/bitswap'
