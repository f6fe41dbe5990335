/**
 * How many elements a received message may hold in each repeated field: what a peer's 4 MiB may
 * cost us in memory and time. boxo's largest wantlist, 2 MiB, holds some 48,000 entries.
 */
export const MAX_ENTRIES = 65_536

/** Blocks in one message: fields `blocks` and `payload`, each. */
export const MAX_BLOCKS = 65_536

/** HAVEs and DONT_HAVEs in one message. */
export const MAX_PRESENCES = 65_536
