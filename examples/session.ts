/**
 * Fetches blocks from certain peers and nobody else, and knows when none of them has one.
 *
 *     node examples/session.ts <multiaddr> <cid>...
 */
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { MemoryBlockstore } from 'blockstore-core'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import { catchError, finalize, from, map, mergeMap, of } from 'rxjs'
import { NotFoundError, bitswap } from 'rx-bitswap'

const [address = '', ...cids] = process.argv.slice(2)
const node = await createLibp2p({
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  services: { identify: identify(), bitswap: bitswap({ blockstore: new MemoryBlockstore() }) },
})
const session = node.services.bitswap.session({
  peers: [multiaddr(address)],
  discovery: false,
})

from(cids).pipe(
  mergeMap((text) => session.want(CID.parse(text)).pipe(
    map(({ bytes }) => `${text}: ${bytes.byteLength} bytes`),
    catchError((error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error
      return of(`${text}: ${error.evidence.map(({ verdict }) => verdict).join()}`)
    }),
  )),
  finalize(() => {
    session.close()
    void node.stop()
  }),
).subscribe((line) => console.log(line))
