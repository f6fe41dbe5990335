/** The incumbent, without Helia: its exchange on the same node and store as ours. */
import type { CID } from 'multiformats/cid'
import * as hashes from 'multiformats/hashes/sha2'
import { Bitswap } from '../../node_modules/@helia/bitswap/dist/src/bitswap.js'
import { competitor } from '../job.ts'
import { bundleWorkload } from '../workloads/bundle.ts'
import type { Contender, Fetch } from '../workloads/contender.ts'
import { fetchWorkload } from '../workloads/fetch.ts'
import { fileWorkload, serveFileWorkload } from '../workloads/file.ts'
import type { Node } from '../workloads/node.ts'
import { outstandingWorkload } from '../workloads/outstanding.ts'

type Components = ConstructorParameters<typeof Bitswap>[0]

/** Nobody is to be found but who is connected. */
const noRouting = {
  async * findProviders () { /* none */ },
} as unknown as Components['routing']

const attach = async ({ libp2p, blockstore }: Node): Promise<Contender> => {
  const exchange = new Bitswap({
    libp2p,
    blockstore,
    logger: libp2p.logger,
    routing: noRouting,
    getHasher: () => hashes.sha256,
  })
  await exchange.start()
  let blocksReceived = 0
  let blocksWanted = 0
  exchange.network.addEventListener('bitswap:message', ({ detail: { message } }) => {
    blocksReceived += message.blocks.length
  })

  const fetchOne = async ({ cids, asked, arrived }: Fetch, index: number): Promise<void> => {
    asked(index)
    const bytes = await exchange.want(cids[index]!)
    await blockstore.put(cids[index]!, bytes)
    arrived(cids[index]!, bytes)
  }
  return {
    peers: () => exchange.wantList.peers.size,
    fetch: async (fetch) => {
      const { cids, inFlight } = fetch
      blocksWanted += cids.length
      let next = 0
      const fetchOn = async (): Promise<void> => {
        while (next < cids.length) await fetchOne(fetch, next++)
      }
      await Promise.all(Array.from({ length: Math.min(inFlight, cids.length) }, fetchOn))
    },
    want: (cids: readonly CID[]) => {
      for (const cid of cids) exchange.want(cid).catch(() => { /* the process ends first */ })
    },
    duplicates: () => blocksReceived - blocksWanted,
  }
}

await competitor({
  fetch: fetchWorkload(attach),
  file: fileWorkload(attach),
  'serve-file': serveFileWorkload(attach),
  outstanding: outstandingWorkload(attach),
  bundle: bundleWorkload('@helia/bitswap'),
})
