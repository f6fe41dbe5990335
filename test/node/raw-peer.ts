import type { Libp2p, Stream } from '@libp2p/interface'
import { Uint8ArrayList } from 'uint8arraylist'
import { onTestFinished } from 'vitest'
import { decodeMessage } from '../../src/message/decode.ts'
import { frame, frameDecoder } from '../../src/message/frame.ts'
import type { ReceivedMessage } from '../../src/message/message.ts'
import { BITSWAP_PROTOCOLS } from '../../src/message/protocols.ts'
import { knows, startLibp2p, type TestNode } from './nodes.ts'

/** A peer whose every byte the test decides. */
export interface RawPeer {
  readonly libp2p: Libp2p
  /** What it was sent. */
  readonly received: ReceivedMessage[]
  /** Resolves once the node knows it as a Bitswap peer. */
  connect(node: TestNode): Promise<void>
  /** Sends a message body on its one stream. */
  send(node: TestNode, body: Uint8Array): Promise<void>
}

export const startRawPeer = async (
  answer?: (message: ReceivedMessage, peer: RawPeer) => void,
): Promise<RawPeer> => {
  const libp2p = await startLibp2p()
  const received: ReceivedMessage[] = []
  let stream: Stream | undefined
  const peer: RawPeer = {
    libp2p,
    received,
    connect: async (node) => {
      await libp2p.dial(node.libp2p.getMultiaddrs())
      await knows(node, libp2p.peerId)
    },
    send: async (node, body) => {
      stream ??= await libp2p.dialProtocol(node.peer, BITSWAP_PROTOCOLS[0])
      stream.send(frame(new Uint8ArrayList(body)))
    },
  }
  await libp2p.handle(BITSWAP_PROTOCOLS[0], (inbound) => {
    const decoder = frameDecoder({
      onFrame: (bytes) => {
        const message = decodeMessage(bytes)
        received.push(message)
        answer?.(message, peer)
      },
    })
    inbound.addEventListener('message', ({ data }) => { decoder.push(data) })
  })
  onTestFinished(() => libp2p.stop())
  return peer
}

/**
 * A message with one block, its prefix as the peer likes it. Fields: wantlist 1, payload 3
 * { prefix 1, data 2 }.
 */
export const blockBody = (prefix: readonly number[], data: Uint8Array): Uint8Array => {
  const block = [0x0a, prefix.length, ...prefix, 0x12, ...varint(data.byteLength), ...data]
  return Uint8Array.from([0x0a, 0x00, 0x1a, ...varint(block.length), ...block])
}

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [value & 0x7f | 0x80, ...varint(value >>> 7)]
