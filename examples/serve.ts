/**
 * Serves one block from memory, and shows what peers want of it, take back and get.
 *
 *     node examples/serve.ts 'some text'
 */
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import { tcp } from '@libp2p/tcp'
import { MemoryBlockstore } from 'blockstore-core'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { filter, map, merge, mergeMap } from 'rxjs'
import { bitswap } from 'rx-bitswap'

const bytes = new TextEncoder().encode(process.argv[2] ?? 'hello')
const cid = CID.createV1(raw.code, await sha256.digest(bytes))
const blockstore = new MemoryBlockstore()
await blockstore.put(cid, bytes)

const node = await createLibp2p({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  services: { identify: identify(), bitswap: bitswap({ blockstore }) },
})
console.log(`${node.getMultiaddrs().join()} ${cid}`)

const { message$, sent$, cancel$ } = node.services.bitswap
const wanted$ = message$.pipe(
  mergeMap(({ message }) => message.wantlist.entries),
  filter(({ type }) => type !== 'cancel'),
  map(({ type, cid }) => `${type} ${cid}`),
)
const served$ = sent$.pipe(
  mergeMap(({ message }) => message.blocks),
  map(({ cid }) => `sent ${cid}`),
)
const cancelled$ = cancel$.pipe(
  filter(({ direction }) => direction === 'received'),
  map(({ cid }) => `cancel ${cid}`),
)
merge(wanted$, served$, cancelled$).subscribe((line) => console.log(line))
