import type { Connection, PeerId, Stream } from '@libp2p/interface'
import type { Observable } from 'rxjs'
import type { PeerKey } from '../message/keys.ts'
import { peerKey } from '../message/keys.ts'
import { BITSWAP_PROTOCOLS } from '../message/protocols.ts'
import type { Clock, NowOrLater } from '../ports.ts'
import { abortable } from './abortable.ts'
import type { Libp2pHost } from './host.ts'
import { abandon } from './linger.ts'
import { type StreamWriter, streamWriter } from './write.ts'

/** One stream per peer for all that we send: opened when needed, kept while it works. */
export interface Outbound {
  /**
   * The kept stream, while it works, or a new one, later. Errors when there is no connection to
   * open it on, or the peer does not speak Bitswap. Unsubscribing ends the opening.
   */
  writer(peer: PeerId): NowOrLater<StreamWriter>
  /** Resets the peer's stream; the next message opens another. */
  drop(peer: PeerId): void
  /** Forgets all streams and hands them over, as they are. */
  release(): readonly Stream[]
}

export interface OutboundDeps {
  readonly host: Pick<Libp2pHost, 'getConnections'>
  readonly clock: Clock
  readonly runOnLimitedConnections: boolean
  /** A stream was opened, which proves that the peer speaks its protocol. */
  readonly onOpen: (stream: Stream, connection: Connection) => void
}

export const outbound = (deps: OutboundDeps): Outbound => {
  const { host, clock, runOnLimitedConnections, onOpen } = deps
  const kept = new Map<PeerKey, StreamWriter>()

  const current = (key: PeerKey): StreamWriter | undefined => {
    const writer = kept.get(key)
    return writer?.stream.writeStatus === 'writable' ? writer : undefined
  }

  /** On the newest connection that lets us: of two to one peer, the older is likelier dead. */
  const newStream = async (peer: PeerId, signal: AbortSignal): Promise<[Stream, Connection]> => {
    let failure: Error | undefined
    for (const connection of host.getConnections(peer).toReversed()) {
      try {
        return [await connection.newStream([...BITSWAP_PROTOCOLS], {
          signal,
          runOnLimitedConnection: runOnLimitedConnections,
        }), connection]
      } catch (error) {
        failure ??= error as Error
      }
    }
    throw failure ?? new Error('no connection')
  }

  const open = (peer: PeerId): Observable<StreamWriter> => abortable(async (signal) => {
    // On a connection that closes in the same turn, yamux throws from the microtask in which it
    // opens the stream: nobody can catch that, and the process ends. So we look in a microtask.
    await Promise.resolve()
    const [stream, connection] = await newStream(peer, signal)
    // It may have closed while it was agreed on, with its connection or without.
    if (stream.writeStatus !== 'writable') throw new Error('the stream is closed')
    const key = peerKey(peer)
    const writer = current(key) ?? streamWriter(clock, stream)
    // A connect and a send may have opened one each.
    if (signal.aborted || writer.stream !== stream) {
      abandon(stream)
    } else {
      kept.set(key, writer)
      onOpen(stream, connection)
    }
    return writer
  })

  return {
    writer: (peer) => current(peerKey(peer)) ?? open(peer),
    drop: (peer) => {
      const key = peerKey(peer)
      const writer = kept.get(key)
      kept.delete(key)
      if (writer === undefined) return
      writer.stop()
      abandon(writer.stream)
    },
    release: () => {
      const writers = [...kept.values()]
      kept.clear()
      return writers.map(({ stream, stop }) => {
        stop()
        return stream
      })
    },
  }
}
