/**
 * How many entries, blocks and presences a message may hold, all in all: what a peer's 4 MiB may
 * cost us in memory and time. boxo's largest wantlist, 2 MiB, holds some 48,000 entries.
 */
export const MAX_ELEMENTS = 65_536
