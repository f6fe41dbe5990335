import type { PeerId } from '@libp2p/interface'
import { EMPTY, firstValueFrom, from, Subject } from 'rxjs'
import { MemoryBlockstore } from 'blockstore-core'
import { blockLookup } from '../../src/adapters/blockstore.ts'
import { hashers } from '../../src/adapters/hashers.ts'
import { systemClock } from '../../src/adapters/system-clock.ts'
import { createExchange } from '../../src/create-exchange.ts'
import { decodeMessage, encodeMessage, multihashKey } from '../../src/message/index.ts'
import type { Network, PeerEvent, Received } from '../../src/ports.ts'
import { simulatedPeerId } from '../../src/testing/simulated-peer-id.ts'
import type { JobNamed, Metrics, Progress } from '../job.ts'
import { numberedBlocks } from './blocks.ts'
import type { NumberedBlock } from './blocks.ts'
import { liveHeapBytes } from './usage.ts'

const WANTS = 5_000

/** One node in memory, without a socket: what does a connected peer that says nothing cost? */
export const idlePeersWorkload = async (
  { peers }: JobNamed<'idle-peers'>,
  progress: Progress,
): Promise<Metrics> => {
  const blocks = numberedBlocks(2 * WANTS, 1024)
  const peerIds = Array.from({ length: peers }, (_, index) => simulatedPeerId(`peer ${index}`))
  const { network, up } = answering(blocks)
  const exchange = createExchange({
    network,
    lookup: blockLookup(new MemoryBlockstore()),
    hashers: hashers(),
    clock: systemClock,
    random: Math.random,
  })
  await exchange.start()

  const before = liveHeapBytes()
  for (const peer of peerIds) up(peer)
  await new Promise(setImmediate)
  const heapBytesPerPeer = (liveHeapBytes() - before) / peers

  progress.of = blocks.length
  const fetchEach = async (from: number, to: number): Promise<number> => {
    const before = process.cpuUsage()
    for (const { cid } of blocks.slice(from, to)) {
      await firstValueFrom(exchange.want(cid))
      progress.received += 1
    }
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  // The first half warms up the code: a want costs microseconds.
  await fetchEach(0, WANTS)
  const microseconds = await fetchEach(WANTS, 2 * WANTS)
  return { heapBytesPerPeer, microsecondsPerWant: microseconds / WANTS }
}

/** A network whose peers all have everything, and send what they are asked for. */
const answering = (blocks: readonly NumberedBlock[]) => {
  const held = new Map(blocks.map(({ cid, bytes }) => [multihashKey(cid), { cid, bytes }]))
  const peer$ = new Subject<PeerEvent>()
  const message$ = new Subject<Received>()
  const network: Network = {
    peer$,
    message$,
    fault$: EMPTY,
    send: (peer, { wantlist }) => {
      const asked = wantlist.entries.flatMap(({ type, cid }) =>
        type === 'want-block' ? [held.get(multihashKey(cid))!] : [])
      if (asked.length > 0) {
        setImmediate(() => { message$.next(received(peer, asked)) })
      }
      return from([100])
    },
    connect: () => EMPTY,
    pauseReading: () => { /* nothing is read here */ },
    resumeReading: () => { /* nothing is read here */ },
  }
  const up = (peer: PeerId): void => { peer$.next({ type: 'peer-up', peer, supportsHave: true }) }
  return { network, up }
}

const received = (peer: PeerId, blocks: readonly NumberedBlock[]): Received => {
  const bytes = encodeMessage({
    wantlist: { entries: [], full: false },
    blocks,
    presences: [],
    pendingBytes: 0,
  })
  const message = decodeMessage(bytes.subarray())
  return { type: 'message', peer, message, byteLength: bytes.byteLength }
}
