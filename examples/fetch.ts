/**
 * Fetches a block, for at most ten seconds or until Ctrl-C. Whatever ends the stream before the
 * block is there cancels the want at every peer that was asked.
 *
 *     node examples/fetch.ts <multiaddr> <cid>
 */
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { MemoryBlockstore } from 'blockstore-core'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import { finalize, fromEvent, takeUntil, timeout } from 'rxjs'
import { bitswap } from 'rx-bitswap'

const [address = '', text = ''] = process.argv.slice(2)
const node = await createLibp2p({
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  services: { identify: identify(), bitswap: bitswap({ blockstore: new MemoryBlockstore() }) },
})
await node.dial(multiaddr(address))

node.services.bitswap.want(CID.parse(text)).pipe(
  timeout(10_000),
  takeUntil(fromEvent(process, 'SIGINT')),
  finalize(() => void node.stop()),
).subscribe({
  next: ({ bytes, from }) => console.log(`${bytes.byteLength} bytes from ${from}`),
  error: (error: unknown) => console.error(error),
})
