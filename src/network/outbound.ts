import type { Connection, PeerId, Stream } from '@libp2p/interface'
import { Observable } from 'rxjs'
import type { PeerKey } from '../message/keys.ts'
import { peerKey } from '../message/keys.ts'
import { BITSWAP_PROTOCOLS } from '../message/protocols.ts'
import type { Libp2pHost } from './host.ts'

/** One stream per peer for all that we send: opened when needed, kept while it works. */
export interface Outbound {
  /**
   * Cold: the kept stream, at once, or a new one. Errors when there is no connection to open it on,
   * or the peer does not speak Bitswap. Unsubscribing ends the opening.
   */
  stream(peer: PeerId): Observable<Stream>
  /** The kept stream, while it works. */
  kept(peer: PeerId): Stream | undefined
  /** Resets the peer's stream; the next message opens another. */
  drop(peer: PeerId): void
  /** Forgets all streams and hands them over, as they are. */
  release(): readonly Stream[]
}

export interface OutboundDeps {
  readonly host: Pick<Libp2pHost, 'getConnections'>
  readonly runOnLimitedConnections: boolean
  /** A stream was opened, which proves that the peer speaks its protocol. */
  readonly onOpen: (stream: Stream, connection: Connection) => void
}

/**
 * A connection that its peer has just left is `open` for a moment longer. On such a one yamux
 * throws, from a microtask in which it opens the stream: nobody could catch that, and the process
 * would end.
 */
const isWritable = (connection: Connection): boolean => {
  const { status, muxer } = connection as Muxed
  return status === 'open' && (muxer?.maConn?.writeStatus ?? 'writable') === 'writable'
}

/** What libp2p 3 has below a connection, and its types do not. */
type Muxed = Connection & { readonly muxer?: { readonly maConn?: Pick<Stream, 'writeStatus'> } }

export const outbound = ({ host, runOnLimitedConnections, onOpen }: OutboundDeps): Outbound => {
  const kept = new Map<PeerKey, Stream>()

  const current = (key: PeerKey): Stream | undefined => {
    const stream = kept.get(key)
    return stream?.status === 'open' && stream.writeStatus === 'writable' ? stream : undefined
  }

  /** The newest connection: of two to one peer, the older is the likelier to be dead. */
  const connectionTo = (peer: PeerId): Connection => {
    const connection = host.getConnections(peer).findLast((candidate) =>
      isWritable(candidate) && (runOnLimitedConnections || candidate.limits === undefined))
    if (connection === undefined) throw new Error('there is no connection that Bitswap may use')
    return connection
  }

  const open = (peer: PeerId): Observable<Stream> => new Observable((subscriber) => {
    const opening = new AbortController()
    const connection = connectionTo(peer)
    connection.newStream([...BITSWAP_PROTOCOLS], {
      signal: opening.signal,
      runOnLimitedConnection: runOnLimitedConnections,
    }).then((stream) => {
      const key = peerKey(peer)
      const earlier = current(key)
      // A connect and a send may have opened one each.
      if (subscriber.closed || earlier !== undefined) stream.abort(new Error('Not needed any more'))
      else {
        kept.set(key, stream)
        onOpen(stream, connection)
      }
      subscriber.next(earlier ?? stream)
      subscriber.complete()
    }).catch((error: unknown) => subscriber.error(error))
    return () => opening.abort()
  })

  return {
    kept: (peer) => current(peerKey(peer)),
    stream: (peer) => new Observable((subscriber) => {
      const stream = current(peerKey(peer))
      if (stream === undefined) return open(peer).subscribe(subscriber)
      subscriber.next(stream)
      return subscriber.complete()
    }),
    drop: (peer) => {
      const key = peerKey(peer)
      const stream = kept.get(key)
      kept.delete(key)
      stream?.abort(new Error('The peer does not take what we send'))
    },
    release: () => {
      const streams = [...kept.values()]
      kept.clear()
      return streams
    },
  }
}
