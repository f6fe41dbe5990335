/**
 * Tells who has a block as the peers answer, and goes on until Ctrl-C: peers that connect later are
 * asked, too, and one that gets the block says so. The block itself is never asked for.
 *
 *     node examples/availability.ts <cid> <multiaddr>...
 */
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { MemoryBlockstore } from 'blockstore-core'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import { finalize, fromEvent, takeUntil, tap } from 'rxjs'
import { bitswap } from 'rx-bitswap'

const [text = '', ...addresses] = process.argv.slice(2)
const node = await createLibp2p({
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  services: { identify: identify(), bitswap: bitswap({ blockstore: new MemoryBlockstore() }) },
})

const holders = new Set<string>()
node.services.bitswap.availability(CID.parse(text)).pipe(
  tap(({ peer, presence }) => {
    if (presence === 'have') holders.add(peer.toString())
    else holders.delete(peer.toString())
  }),
  takeUntil(fromEvent(process, 'SIGINT')),
  finalize(() => void node.stop()),
).subscribe(({ peer, presence }) => {
  console.log(`${peer} ${presence}: ${holders.size} have it`)
})

for (const address of addresses) await node.dial(multiaddr(address))
