import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'
import type { Observable } from 'rxjs'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../src/adapters/system-clock.ts'
import { frameDecoder } from '../../src/message/frame.ts'
import { decodeMessage } from '../../src/message/decode.ts'
import type { OutgoingMessage, ReceivedMessage } from '../../src/message/message.ts'
import { libp2pNetwork } from '../../src/network/libp2p-network.ts'
import type { Libp2pNetwork } from '../../src/network/libp2p-network.ts'
import type { Clock } from '../../src/ports.ts'

/** A libp2p node on loopback TCP, stopped with the test. */
export const startNode = async (): Promise<Libp2p> => {
  const node = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: { identify: identify() },
    connectionMonitor: { enabled: false },
  })
  onTestFinished(async () => { await node.stop() })
  return node
}

export interface TestPeer {
  readonly node: Libp2p
  readonly network: Libp2pNetwork
  readonly id: PeerId
}

/** A node that runs our network. */
export const startPeer = async (clock: Clock = systemClock): Promise<TestPeer> => {
  const node = await startNode()
  const network = libp2pNetwork(node, { clock })
  await network.start()
  onTestFinished(() => network.stop())
  return { node, network, id: node.peerId }
}

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
