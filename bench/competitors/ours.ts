import { first, type Observable, type Observer } from 'rxjs'
import { createBitswap } from '../../src/index.ts'
import type { BlockArrival, Exchange } from '../../src/index.ts'
import { competitor } from '../job.ts'
import { bundleWorkload } from '../workloads/bundle.ts'
import type { Contender, Fetch } from '../workloads/contender.ts'
import { fetchWorkload } from '../workloads/fetch.ts'
import { fileWorkload, serveFileWorkload } from '../workloads/file.ts'
import { idlePeersWorkload } from '../workloads/idle-peers.ts'
import type { Node } from '../workloads/node.ts'
import { outstandingWorkload } from '../workloads/outstanding.ts'

const attach = async ({ libp2p, blockstore }: Node): Promise<Contender> => {
  const exchange = createBitswap({ libp2p, blockstore })
  await exchange.start()
  return {
    peers: () => now(exchange.peers$).size,
    fetch: (fetch) => fetch.inFlight >= fetch.cids.length
      ? wantAll(exchange, fetch)
      : retrieveAll(exchange, fetch),
    want: (cids) => {
      for (const cid of cids) exchange.want(cid, ABSENT).subscribe()
    },
    duplicates: () => now(exchange.stats$).duplicateBlocksReceived,
  }
}

/** As the incumbent: to look into the store first is left to whoever wants the block. */
const ABSENT = { absent: true }

/** What a stream of states says at once. */
const now = <T>(state$: Observable<T>): T => {
  let state: T | undefined
  state$.pipe(first()).subscribe((value) => { state = value })
  return state!
}

const retrieveAll = (exchange: Exchange, { cids, inFlight, asked, arrived }: Fetch) =>
  exchange.retrieve(noting(cids, asked), { ...ABSENT, concurrency: inFlight })
    .forEach(({ cid, bytes }) => { arrived(cid, bytes) })

/** A subscription each: what an application with a hundred thousand wants of its own would do. */
const wantAll = (exchange: Exchange, { cids, asked, arrived }: Fetch): Promise<void> =>
  new Promise((resolve, reject) => {
    let open = cids.length
    const observer: Observer<BlockArrival> = {
      next: ({ cid, bytes }) => { arrived(cid, bytes) },
      error: reject,
      complete: () => {
        open -= 1
        if (open === 0) resolve()
      },
    }
    for (const cid of noting(cids, asked)) exchange.want(cid, ABSENT).subscribe(observer)
  })

/** The CIDs, each noted as it is pulled. */
const noting = function * <T> (cids: readonly T[], asked: (index: number) => void): Iterable<T> {
  for (const [index, cid] of cids.entries()) {
    asked(index)
    yield cid
  }
}

await competitor({
  fetch: fetchWorkload(attach),
  file: fileWorkload(attach),
  'serve-file': serveFileWorkload(attach),
  outstanding: outstandingWorkload(attach),
  'idle-peers': idlePeersWorkload,
  bundle: bundleWorkload('./src/index.ts'),
})
