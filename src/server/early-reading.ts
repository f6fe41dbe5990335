/** Whether blocks are worth reading when they are looked up, rather than once more to be sent. */
export interface EarlyReading {
  pays(): boolean
  /** A block was read, or not found, now or after a wait. */
  learn(isLate: boolean, block: Uint8Array | undefined): void
}

/** Blocks up to this size are kept from their look-up until they are sent. */
export const MAX_KEPT_BYTES = 4 * 1024

/**
 * Blocks are read as they are sent, so that a long wantlist does not load its blocks. A store that
 * answers at once, with small blocks, need not be asked twice, though: a wantlist of 1,024 of them
 * holds 4 MiB at most. The next blocks are taken for what the last one was.
 */
export const earlyReading = (): EarlyReading => {
  let pays = false
  return {
    pays: () => pays,
    learn: (isLate, block) => {
      if (block !== undefined) pays = !isLate && block.byteLength <= MAX_KEPT_BYTES
    },
  }
}
