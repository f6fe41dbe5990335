import type { Connection, PeerId, Stream } from '@libp2p/interface'
import { decodeMessage } from '../message/decode.ts'
import type { PeerKey } from '../message/keys.ts'
import { peerKey } from '../message/keys.ts'
import { MAX_MESSAGE_BYTES } from '../options.ts'
import type { Clock, PeerFault, Received } from '../ports.ts'
import { giveBack } from './give-back.ts'
import { abandon } from './linger.ts'
import { readStream } from './stream-reader.ts'
import type { StreamReader } from './stream-reader.ts'

/** Everything that is read, from any number of streams of any length per peer. */
export interface Inbound {
  /** Reads a stream from its first tick. */
  receive(stream: Stream, connection: Connection): void
  /** Also for the streams that the peer has yet to open. */
  pause(peer: PeerId): void
  resume(peer: PeerId): void
  /** Resets what the peers opened. */
  stop(): void
}

/**
 * Bytes that one peer may have sent of messages that are not whole yet, on all of its streams:
 * sixteen of the largest. boxo sends from eight workers.
 */
export const MAX_UNFINISHED_BYTES = 16 * MAX_MESSAGE_BYTES

export interface InboundDeps {
  readonly clock: Clock
  readonly onMessage: (received: Received) => void
  readonly onFault: (fault: PeerFault) => void
}

export const inbound = ({ clock, onMessage, onFault }: InboundDeps): Inbound => {
  const reading = new Map<PeerKey, Map<Stream, StreamReader>>()
  const paused = new Set<PeerKey>()

  const readersOf = (key: PeerKey): Iterable<StreamReader> => reading.get(key)?.values() ?? []

  const receive = (stream: Stream, { remotePeer: peer, encryption }: Connection): void => {
    const key = peerKey(peer)
    const ofPeer = reading.get(key) ?? new Map<Stream, StreamReader>()
    const reader = readStream(stream, {
      clock,
      onFrame: (body) => {
        const message = decodeMessage(body)
        onMessage({ type: 'message', peer, message, byteLength: body.byteLength })
      },
      onCopied: giveBack(encryption),
      isTooMuch: () => {
        let total = 0
        for (const { unfinishedBytes } of ofPeer.values()) total += unfinishedBytes
        return total > MAX_UNFINISHED_BYTES
      },
      onFault: (error) => onFault({ type: 'peer-fault', peer, error }),
      onEnd: () => {
        ofPeer.delete(stream)
        if (ofPeer.size === 0) reading.delete(key)
        // A stream is only freed when both sides have closed it. The one we send on stays open.
        if (stream.direction === 'inbound') stream.close().catch(() => undefined)
      },
    })
    reading.set(key, ofPeer.set(stream, reader))
    if (paused.has(key)) reader.pause()
  }

  return {
    receive,
    pause: (peer) => {
      const key = peerKey(peer)
      paused.add(key)
      for (const reader of readersOf(key)) reader.pause()
    },
    resume: (peer) => {
      const key = peerKey(peer)
      if (!paused.delete(key)) return
      for (const reader of readersOf(key)) reader.resume()
    },
    stop: () => {
      paused.clear()
      for (const ofPeer of reading.values()) {
        for (const [stream, reader] of ofPeer) {
          if (stream.direction === 'inbound') abandon(stream)
          reader.end()
        }
      }
    },
  }
}
