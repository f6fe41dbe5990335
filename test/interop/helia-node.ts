import type { Libp2p } from '@libp2p/interface'
import { MemoryBlockstore } from 'blockstore-core'
import type { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { onTestFinished } from 'vitest'
import { Bitswap } from '../../node_modules/@helia/bitswap/dist/src/bitswap.js'
import { startLibp2p } from '../node/nodes.ts'

/** @helia/bitswap on a libp2p node of its own, without the rest of Helia. */
export interface HeliaNode {
  readonly libp2p: Libp2p
  readonly blockstore: MemoryBlockstore
  readonly bitswap: Bitswap
  want(cid: CID): Promise<Uint8Array>
}

type Components = ConstructorParameters<typeof Bitswap>[0]

export const startHelia = async (): Promise<HeliaNode> => {
  const libp2p = await startLibp2p()
  const blockstore = new MemoryBlockstore()
  // Only these components are used; nobody is to be found but who is connected.
  const bitswap = new Bitswap({
    libp2p,
    blockstore,
    logger: libp2p.logger,
    routing: { async * findProviders () { /* nobody */ } },
    getHasher: () => sha256,
  } as unknown as Components)
  await bitswap.start()
  onTestFinished(() => bitswap.stop())
  return {
    libp2p,
    blockstore,
    bitswap,
    want: async (cid) => {
      const bytes = await bitswap.want(cid)
      await blockstore.put(cid, bytes)
      return bytes
    },
  }
}
