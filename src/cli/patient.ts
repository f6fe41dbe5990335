import { of, retry, throwError } from 'rxjs'
import { NotFoundError } from '../errors.ts'
import type { Asking } from '../exchange.ts'

/** How often a silence is waited out: with the 5 s that one takes, for half a minute. */
const MAX_SILENCES = 5

/**
 * Asks again when a peer did not answer in time: it may be busy, or a lid was closed for a moment,
 * and a long transfer is worth waiting for. What all peers deny is not there, and fails at once.
 */
export const patient = (asking: Pick<Asking, 'want'>): Pick<Asking, 'want'> => ({
  want: (cid, options) => asking.want(cid, options).pipe(
    retry({
      count: MAX_SILENCES,
      delay: (error: unknown) => isSilence(error) ? of(true) : throwError(() => error),
    }),
  ),
})

const isSilence = (error: unknown): boolean =>
  error instanceof NotFoundError && error.evidence.some(({ verdict }) => verdict === 'timed-out')
