import type { BlockArrival, Exchange } from '../exchange.ts'
import { current } from './current.ts'
import { peakRssBytes } from './peak-rss.ts'
import { rate } from './rate.ts'
import type { Report } from './report.ts'
import { statedSize } from './unixfs/node.ts'

/** Counts the blocks of one transfer, and tells how far it is. */
export interface Transfer {
  count(arrival: BlockArrival): void
  progress(): Report
  done(path: string): Report
}

export const transferOver = ({ stats$, peers$, wantlist$ }: Exchange): Transfer => {
  const startedAt = performance.now()
  const seconds = (): number => (performance.now() - startedAt) / 1000
  const rateAt = rate()
  let root: string | undefined
  let blocks = 0
  let bytes = 0
  let totalBytes = 0
  const duplicates = (): number => current(stats$).duplicateBlocksReceived

  return {
    count: (arrival) => {
      // The root is there before anything else: it leads to the rest.
      root ??= arrival.cid.toString()
      if (totalBytes === 0) totalBytes = statedSize(arrival.cid, arrival.bytes)
      blocks++
      bytes += arrival.bytes.byteLength
    },
    progress: () => {
      const bytesPerSecond = rateAt(bytes, seconds())
      return {
        type: 'progress',
        blocks,
        bytes,
        totalBytes,
        bytesPerSecond,
        ...(bytesPerSecond > 0 && { etaSeconds: Math.max(totalBytes - bytes, 0) / bytesPerSecond }),
        peers: current(peers$).size,
        inFlight: current(wantlist$).size,
        duplicates: duplicates(),
      }
    },
    done: (path) => ({
      type: 'done',
      path,
      cid: root ?? '',
      blocks,
      bytes,
      seconds: seconds(),
      bytesPerSecond: bytes / seconds(),
      duplicates: duplicates(),
      peakRssBytes: peakRssBytes(),
    }),
  }
}
