import type { WantEntry, WantlistEntry } from '../message/message.ts'

/**
 * One wantlist entry where there may be one already waiting for the same block; `undefined` when
 * nothing has to be said. `held` tells whether the peer has been sent a want for the block, by a
 * message that may still be on its way.
 *
 * - A cancel takes back what is held. What only waited vanishes with it.
 * - A want takes the place of a cancel: a want sent anew is answered anew.
 * - A want takes the place of a want, but a want-have never that of a want-block, and a DONT_HAVE
 *   once asked for stays asked for.
 */
export const mergeEntry = (
  waiting: WantlistEntry | undefined,
  entry: WantlistEntry,
  held: boolean,
): WantlistEntry | undefined => {
  if (entry.type === 'cancel') return held ? entry : undefined
  if (waiting === undefined || waiting.type === 'cancel') return entry
  return mergeWants(waiting, entry)
}

const mergeWants = (waiting: WantEntry, want: WantEntry): WantEntry => {
  const weaker = waiting.type === 'want-block' && want.type === 'want-have'
  const merged = weaker ? waiting : want
  const sendDontHave = waiting.sendDontHave || want.sendDontHave
  return merged.sendDontHave === sendDontHave ? merged : { ...merged, sendDontHave }
}
