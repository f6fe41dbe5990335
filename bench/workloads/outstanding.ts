import { setTimeout as sleep } from 'node:timers/promises'
import type { JobNamed, Metrics, Progress } from '../job.ts'
import { numberedBlocks } from './blocks.ts'
import type { Attach } from './contender.ts'
import { startNode } from './node.ts'
import { liveHeapBytes } from './usage.ts'

const SETTLE_MS = 100

/** Wants on a node without peers. Their CIDs are the application's, and not counted. */
export const outstandingWorkload = (attach: Attach) =>
  async ({ wants }: JobNamed<'outstanding'>, progress: Progress): Promise<Metrics> => {
    progress.of = wants
    const client = await attach(await startNode())
    const cids = numberedBlocks(wants, 32).map(({ cid }) => cid)
    const before = liveHeapBytes()
    const begun = performance.now()
    client.want(cids)
    const seconds = (performance.now() - begun) / 1000
    await sleep(SETTLE_MS)
    const bytes = liveHeapBytes() - before
    progress.received = cids.length
    return {
      seconds,
      heapBytesPerWant: bytes / wants,
      microsecondsPerWant: seconds * 1e6 / wants,
    }
  }
