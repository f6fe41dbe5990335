import type { Stream } from '@libp2p/interface'
import type { Clock } from '../ports.ts'

/** Time that a peer has to close its side of a stream when we stop, in ms. Several round trips. */
export const LINGER_MS = 500

/**
 * Closes streams so that what was written last, a cancel perhaps, is read: after a reset, Go peers
 * drop what they have not read yet. A stream that is not through in time is reset.
 */
export const linger = (clock: Clock, streams: readonly Stream[]): Promise<void> =>
  new Promise((resolve) => {
    const open = new Set(streams)
    const resetAll = (): void => {
      for (const stream of open) stream.abort(new Error('Bitswap has stopped'))
    }
    const cancel = clock.after(LINGER_MS, resetAll)
    const closed = (stream: Stream): void => {
      open.delete(stream)
      if (open.size > 0) return
      cancel()
      resolve()
    }
    for (const stream of streams) {
      if (stream.status === 'open') {
        stream.addEventListener('close', () => closed(stream), { once: true })
        stream.close().catch(() => stream.abort(new Error('Bitswap has stopped')))
      } else closed(stream)
    }
    if (streams.length === 0) {
      cancel()
      resolve()
    }
  })
