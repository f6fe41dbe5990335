import type { Stream } from '@libp2p/interface'
import type { Clock } from '../ports.ts'
import { listen } from './listen.ts'

/** Time that a peer has to close its side of a stream when we stop, in ms. Several round trips. */
export const LINGER_MS = 500

/** Resets a stream of which we want nothing more. */
export const abandon = (stream: Stream): void =>
  stream.abort(new Error('the stream is closed'))

/**
 * Closes streams so that what was written last, a cancel perhaps, is read: after a reset, Go peers
 * drop what they have not read yet. A stream that is not through in time is reset.
 */
export const linger = async (clock: Clock, streams: readonly Stream[]): Promise<void> => {
  const cancel = clock.after(LINGER_MS, () => streams.forEach(abandon))
  await Promise.all(streams.map(closed))
  cancel()
}

const closed = (stream: Stream): Promise<void> => new Promise((resolve) => {
  listen(stream, { close: () => resolve() })
  if (stream.status === 'open') stream.close().catch(() => abandon(stream))
  else resolve()
})
