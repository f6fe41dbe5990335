import type { CID } from 'multiformats/cid'
import { filter, firstValueFrom, lastValueFrom } from 'rxjs'
import { expect, it } from 'vitest'
import { formatMarble, recordMarbles, testMarble } from '../../../src/testing/index.ts'
import { blocksOf, cidsOf, connect, give, startNode } from '../../node/nodes.ts'

it('of both ends of a transfer over TCP replays', async () => {
  const [holder, fetcher] = await Promise.all([startNode(), startNode()])
  const recordings = [holder, fetcher].map(({ exchange }) => recordMarbles(exchange))
  await connect(fetcher, holder)
  const blocks = await blocksOf('large', 64, 256 * 1024)
  await give(holder, blocks)
  const last = blocks.at(-1)!.cid
  const isLast = filter(({ cid }: { readonly cid: CID }) => cid.equals(last))
  const lastWord = firstValueFrom(holder.exchange.cancel$.pipe(isLast))
  await lastValueFrom(fetcher.exchange.retrieve(cidsOf(blocks), { concurrency: 8 }))
  await lastWord
  for (const recording of recordings) {
    expect(testMarble(formatMarble(recording.document())).failures).toEqual([])
  }
})
