/**
 * The practical bound: Bitswap's messages over one kept stream, by callbacks alone. Blocks are
 * verified and stored, and that is all: one peer, who has everything, is asked; nothing is booked,
 * cancelled, repeated or told to anybody.
 */
import { hash } from 'node:crypto'
import type { Stream, StreamMessageEvent } from '@libp2p/interface'
import type { MemoryBlockstore } from 'blockstore-core'
import type { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { ownBytes } from '../../src/client/own-bytes.ts'
import {
  type Block, blockBytes, decodeMessage, encodeFrame, frameDecoder, multihashKey,
  type ReceivedMessage, type WantlistEntry,
} from '../../src/message/index.ts'
import { keyOfDigest } from '../../src/message/keys.ts'
import { giveBack } from '../../src/network/give-back.ts'
import { SERVER_DEFAULTS } from '../../src/options.ts'
import type { Attach, Fetch } from './contender.ts'

const PROTOCOL = '/bench/sketch/1.0.0'

export const sketch: Attach = async ({ libp2p, blockstore }) => {
  await libp2p.handle(PROTOCOL, (stream) => { serve(stream, blockstore) })
  const streams: Stream[] = []
  libp2p.addEventListener('peer:identify', ({ detail: { connection } }) => {
    if (connection.direction === 'inbound') return
    void connection.newStream(PROTOCOL).then((stream) => streams.push(stream))
  })
  return {
    peers: () => streams.length,
    fetch: (fetch) => fetchFrom(streams[0]!, blockstore, fetch),
    want: () => { throw new Error('The sketch wants nothing that it does not wait for') },
    duplicates: () => 0,
  }
}

/** Answers each wantlist with envelopes of blocks, one after another as the stream takes them. */
const serve = (stream: Stream, blockstore: MemoryBlockstore): void => {
  let wanted: CID[] = []
  let next = 0
  const envelope = (): Block[] => {
    const blocks: Block[] = []
    let room = SERVER_DEFAULTS.targetEnvelopeBytes
    for (; room > 0 && next < wanted.length; next += 1) {
      const cid = wanted[next]!
      // This store answers at once, whatever the interface allows.
      const [bytes] = blockstore.get(cid) as Generator<Uint8Array>
      const block = { cid, bytes: bytes! }
      room -= blockBytes(block)
      blocks.push(block)
    }
    return blocks
  }
  const pump = (): void => {
    while (next < wanted.length && !stream.writableNeedsDrain) send(stream, [], envelope())
    if (next < wanted.length) return
    wanted = []
    next = 0
  }
  stream.addEventListener('drain', pump)
  listen(stream, ({ wantlist }) => {
    for (const { cid } of wantlist.entries) wanted.push(cid)
    pump()
  })
}

const fetchFrom = (
  stream: Stream,
  blockstore: MemoryBlockstore,
  { cids, inFlight, asked, arrived }: Fetch,
): Promise<void> => new Promise((resolve) => {
  const open = new Map<string, CID>()
  const own = ownBytes()
  let entries: WantlistEntry[] = []
  let next = 0

  const flush = (): void => {
    send(stream, entries, [])
    entries = []
  }
  const wantMore = (): void => {
    while (open.size < inFlight && next < cids.length) {
      const cid = cids[next]!
      open.set(multihashKey(cid), cid)
      asked(next++)
      if (entries.length === 0) setImmediate(flush)
      entries.push({ type: 'want-block', cid, priority: 1, sendDontHave: true })
    }
  }
  const unlisten = listen(stream, ({ blocks }) => {
    for (const block of blocks) {
      const key = keyOfDigest(sha256.code, hash('sha256', block.bytes, 'binary'))
      const cid = open.get(key)
      if (cid === undefined) continue
      open.delete(key)
      const bytes = own(block.bytes)
      void blockstore.put(cid, bytes)
      arrived(cid, bytes)
      wantMore()
    }
    if (open.size > 0) return
    unlisten()
    resolve()
  })
  wantMore()
})

const send = (stream: Stream, entries: WantlistEntry[], blocks: Block[]): void => {
  const wantlist = { entries, full: false }
  stream.send(encodeFrame({ wantlist, blocks, presences: [], pendingBytes: 0 }))
}

const listen = (stream: Stream, heard: (message: ReceivedMessage) => void): (() => void) => {
  const { push } = frameDecoder({
    onFrame: (bytes) => { heard(decodeMessage(bytes)) },
    // Every node of the bench speaks through Noise.
    onCopied: giveBack('/noise'),
  })
  const onMessage = ({ data }: StreamMessageEvent): void => { push(data) }
  stream.addEventListener('message', onMessage)
  return () => { stream.removeEventListener('message', onMessage) }
}
