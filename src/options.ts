/** Every knob, once: its unit, its default and where the default comes from. */

/** Largest message sent or accepted, in bytes. Bitswap spec 1.2, "Protocol Format". */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024

/** Largest block, in bytes, that every node must carry. Bitswap spec 1.2, "Block Sizes". */
export const MAX_BLOCK_BYTES = 2 * 1024 * 1024

/**
 * Longest CID that a node keeps for a peer, in bytes: 4 varints and a 128-byte digest. boxo
 * `MaxCidSize`.
 */
export const MAX_CID_BYTES = 168

export interface ClientOptions {
  /**
   * Want-blocks in flight at one peer, at most. boxo serves 1,024 entries a peer; the rest is for
   * want-haves. Default 512.
   */
  readonly maxWantsPerPeer: number
  /**
   * Bytes in flight at one peer that the window aims at; divided by the mean block size it gives
   * the window. Default 16 MiB.
   */
  readonly maxBytesPerPeer: number
  /**
   * Wants that may be out at peers at the same time, in all. Default 1,000, under boxo's 1,024
   * entries a peer.
   */
  readonly maxActiveWants: number
  /**
   * Peers told of a want besides the one asked for the block; four times as many after each one
   * that lacks it. RFM-16; default 8.
   */
  readonly broadcastPeers: number
  /**
   * A silent peer counts as DONT_HAVE after this many ms while its latency is unknown. boxo 5,000.
   */
  readonly dontHaveTimeoutMs: number
  /** Least timeout of a peer whose latency is known, in ms. boxo 50. */
  readonly minDontHaveTimeoutMs: number
  /** Greatest timeout of a peer whose latency is known, in ms. boxo 7,000. */
  readonly maxDontHaveTimeoutMs: number
  /**
   * A want still open after this many ms, or a tenth more, is sent again to those who were asked.
   * boxo 30,000.
   */
  readonly rebroadcastMs: number
  /**
   * Bytes received from one peer and not stored yet, above which its streams are not read. Default
   * 8 MiB.
   */
  readonly maxUnstoredBytesPerPeer: number
  /** CIDs from an Observable given to `retrieve` that may wait for the window. Default 65,536. */
  readonly maxWaitingCids: number
}

export interface ServerOptions {
  /** Wants kept for one peer. boxo `MaxQueuedWantlistEntriesPerPeer` 1,024. */
  readonly maxWantlistEntries: number
  /** A want-have for a block of at most this many bytes is answered with the block. boxo 1,024. */
  readonly replaceHaveMaxBytes: number
  /**
   * Bytes of blocks that one envelope aims at; one block always fits. boxo 16,384; here 524,288,
   * for each message has its price at both ends.
   */
  readonly targetEnvelopeBytes: number
  /**
   * Bytes handed to the network for one peer and not written yet. boxo `MaxOutstandingBytesPerPeer`
   * 1 MiB.
   */
  readonly maxOutstandingBytesPerPeer: number
  /** Envelopes being read from the store at the same time. boxo `TaskWorkerCount` 8. */
  readonly taskWorkers: number
  /** Store look-ups for incoming wants at the same time. boxo `EngineBlockstoreWorkerCount` 128. */
  readonly lookupWorkers: number
  /**
   * When a notified block is not in the store yet, look again after each of these delays, in ms.
   */
  readonly notifyRetryMs: readonly number[]
}

/** An option that is negative or NaN is a `RangeError` when the node is made. */
export interface BitswapOptions {
  /** Fetch blocks from peers; `false` leaves a node that only serves. Default on. */
  readonly client?: boolean | Partial<ClientOptions>
  /** Serve blocks to peers; `false` leaves a node that only fetches. Default on. */
  readonly server?: boolean | Partial<ServerOptions>
}

export const CLIENT_DEFAULTS: ClientOptions = {
  maxWantsPerPeer: 512,
  maxBytesPerPeer: 16 * 1024 * 1024,
  maxActiveWants: 1_000,
  broadcastPeers: 8,
  dontHaveTimeoutMs: 5_000,
  minDontHaveTimeoutMs: 50,
  maxDontHaveTimeoutMs: 7_000,
  rebroadcastMs: 30_000,
  maxUnstoredBytesPerPeer: 8 * 1024 * 1024,
  maxWaitingCids: 65_536,
}

export const SERVER_DEFAULTS: ServerOptions = {
  maxWantlistEntries: 1_024,
  replaceHaveMaxBytes: 1_024,
  targetEnvelopeBytes: 512 * 1024,
  maxOutstandingBytesPerPeer: 1024 * 1024,
  taskWorkers: 8,
  lookupWorkers: 128,
  notifyRetryMs: [1, 10, 50, 250, 1_000, 5_000, 30_000],
}

/** Options with every default filled in; `undefined` is a half that is switched off. */
export interface Settings {
  readonly client: ClientOptions | undefined
  readonly server: ServerOptions | undefined
}

export const settingsOf = ({ client, server }: BitswapOptions): Settings => ({
  client: withDefaults(CLIENT_DEFAULTS, client),
  server: withDefaults(SERVER_DEFAULTS, server),
})

const withDefaults = <T extends object>(
  defaults: T,
  half: boolean | Partial<T> = true,
): T | undefined => {
  if (half === false) return undefined
  const settings = { ...defaults }
  for (const [name, value] of Object.entries(half) as [string, Option | undefined][]) {
    if (value === undefined) continue
    const numbers = [value].flat()
    if (!numbers.every((number) => number >= 0)) {
      throw new RangeError(`${name} must be at least 0, not ${numbers.join()}`)
    }
    Reflect.set(settings, name, value)
  }
  return settings
}

type Option = number | readonly number[]
