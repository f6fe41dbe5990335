import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import type { Connection, Libp2p, PeerId, ServiceMap, Stream } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import type { Libp2pOptions } from 'libp2p'
import { CID } from 'multiformats/cid'
import { lastValueFrom } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Uint8ArrayList } from 'uint8arraylist'
import { onTestFinished, vi } from 'vitest'
import { systemClock } from '../../src/adapters/system-clock.ts'
import { frameDecoder } from '../../src/message/frame.ts'
import { decodeMessage } from '../../src/message/decode.ts'
import type { OutgoingMessage, ReceivedMessage } from '../../src/message/message.ts'
import { libp2pNetwork } from '../../src/network/libp2p-network.ts'
import type { Libp2pNetwork } from '../../src/network/libp2p-network.ts'
import { observed } from '../../src/operators/now-or-later.ts'
import type { Clock, Network } from '../../src/ports.ts'

/** A libp2p node on loopback TCP, stopped with the test. */
export const testNode = async <T extends ServiceMap>(
  init: Libp2pOptions<T>,
): Promise<Libp2p<T>> => {
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionMonitor: { enabled: false },
    ...init,
  })
  onTestFinished(async () => { await node.stop() })
  return node
}

export const startNode = (muxer = yamux()): Promise<Libp2p> =>
  testNode({ streamMuxers: [muxer], services: { identify: identify() } })

export interface TestPeer {
  readonly node: Libp2p
  readonly network: Libp2pNetwork
  readonly id: PeerId
}

/** A node that runs our network. */
export const startPeer = async (clock: Clock = systemClock, muxer = yamux()): Promise<TestPeer> => {
  const node = await startNode(muxer)
  const network = libp2pNetwork(node, { clock })
  await network.start()
  onTestFinished(() => network.stop())
  return { node, network, id: node.peerId }
}

/** Waits for what the other side of a socket does, for as long as a test may take. */
export const until = (check: () => unknown): Promise<unknown> =>
  vi.waitFor(check, { timeout: 25_000, interval: 2 })

/** Everything that a stream emits, and whether it has completed. */
export interface Recording<T> {
  readonly values: T[]
  completed: boolean
  error: unknown
}

export const record = <T>(source$: Observable<T>): Recording<T> => {
  const recording: Recording<T> = { values: [], completed: false, error: undefined }
  const subscription = source$.subscribe({
    next: (value) => recording.values.push(value),
    error: (error: unknown) => { recording.error = error },
    complete: () => { recording.completed = true },
  })
  onTestFinished(() => subscription.unsubscribe())
  return recording
}

/** What `send` gives, now or later, as a stream. */
export const sending = (
  network: Pick<Network, 'send'>,
  peer: PeerId,
  message: OutgoingMessage,
): Observable<number> => observed(() => network.send(peer, message))

/** Sends one after another, whoever asks, until the test ends. */
export const sendInTurn = ({ network }: TestPeer) => {
  let last: Promise<unknown> = Promise.resolve()
  return (peer: PeerId, message: OutgoingMessage): void => {
    last = last.then(() => lastValueFrom(sending(network, peer, message), { defaultValue: 0 }))
  }
}

/** What a raw stream receives, decoded. */
export const readMessages = (stream: Stream): ReceivedMessage[] => {
  const messages: ReceivedMessage[] = []
  const decoder = frameDecoder({ onFrame: (body) => messages.push(decodeMessage(body)) })
  stream.addEventListener('message', ({ data }) => decoder.push(data))
  return messages
}

export const connectionTo = (from: Libp2p, to: PeerId): Connection => {
  const [connection] = from.getConnections(to)
  if (connection === undefined) throw new Error('not connected')
  return connection
}

/** A message told from others by its number. */
export const numbered = (pendingBytes: number): OutgoingMessage => ({
  wantlist: { entries: [], full: false },
  blocks: [],
  presences: [],
  pendingBytes,
})

/** The Bitswap streams that `from` has with `to`. */
export const streamsOf = (from: Libp2p, to: Libp2p): Stream[] =>
  from.getConnections(to.peerId).flatMap(({ streams }) => streams)
    .filter(({ protocol }) => protocol.startsWith('/ipfs/bitswap'))

/** Writes to a raw stream and waits until it can take more. */
export const write = async (stream: Stream, bytes: Uint8Array | Uint8ArrayList): Promise<void> => {
  if (stream.send(bytes)) return
  while (stream.writableNeedsDrain || stream.writeBufferLength > 0) {
    await new Promise((resolve) => stream.addEventListener('drain', resolve, { once: true }))
    await Promise.resolve()
  }
}

const CID_OF_ANY_BLOCK = CID.parse('bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy')
export const V0_CID = CID.createV0(CID_OF_ANY_BLOCK.multihash as Version0Digest)
type Version0Digest = Parameters<typeof CID.createV0>[0]

/** A message with a block of zeros: that it does not match its CID is for others to find. */
export const withBlock = (
  pendingBytes: number,
  byteLength: number,
  cid = CID_OF_ANY_BLOCK,
): OutgoingMessage => ({
  ...numbered(pendingBytes),
  blocks: [{ cid, bytes: new Uint8Array(byteLength) }],
})
