import type { Connection, PeerId } from '@libp2p/interface'
import { Observable, Subject } from 'rxjs'
import type { PeerKey } from '../message/keys.ts'
import { peerKey } from '../message/keys.ts'
import type { PeerEvent } from '../ports.ts'
import { listen } from './listen.ts'

/**
 * Who can be reached over Bitswap. A peer is up while it has a connection on which Bitswap is known
 * to be spoken, unless sending to it failed: then it is down, although connected, until it says
 * something or connects again. boxo `ConnectEventManager`.
 */
export interface Peers {
  /** Hot; a subscriber first hears of the peers that are up. A peer's ups and downs alternate. */
  readonly peer$: Observable<PeerEvent>
  /** Bitswap is spoken on this connection, which shows that the peer is well. */
  connected(connection: Connection, supportsHave: boolean): void
  /** The peer has shown that it is well. Means nothing for a peer that is not connected. */
  responsive(peer: PeerId): void
  /** Nothing can be sent to the peer. */
  unresponsive(peer: PeerId): void
  /** Forgets everybody, without a word. */
  stop(): void
}

interface KnownPeer {
  readonly peer: PeerId
  /** Each with what stops listening to its end. */
  readonly connections: Map<Connection, () => void>
  readonly supportsHave: boolean
  responsive: boolean
}

/**
 * A change made while another one is being announced waits its turn, so all subscribers hear the
 * same order; if it is undone meanwhile, nobody hears of it. `onDown` hears of a loss before all
 * others.
 */
export const knownPeers = (onDown: (peer: PeerId) => void): Peers => {
  const known = new Map<PeerKey, KnownPeer>()
  const up = new Map<PeerKey, PeerEvent>()
  const dirty = new Set<PeerKey>()
  const event$ = new Subject<PeerEvent>()
  let announcing = false

  const announce = (key: PeerKey): void => {
    const wasUp = up.get(key)
    const found = known.get(key)
    const isUp = found?.responsive === true
    if (isUp && wasUp === undefined) {
      const { peer, supportsHave } = found
      const event: PeerEvent = { type: 'peer-up', peer, supportsHave }
      up.set(key, event)
      event$.next(event)
    } else if (!isUp && wasUp !== undefined) {
      up.delete(key)
      onDown(wasUp.peer)
      event$.next({ type: 'peer-down', peer: wasUp.peer })
    }
  }

  /** What changes during a task is announced once the outermost is done. */
  const undisturbed = (task: () => void): void => {
    if (announcing) {
      task()
      return
    }
    announcing = true
    task()
    for (const key of dirty) {
      dirty.delete(key)
      announce(key)
    }
    announcing = false
  }

  const changed = (key: PeerKey): void => undisturbed(() => dirty.add(key))

  const disconnected = (key: PeerKey, connection: Connection): void => {
    const connections = known.get(key)?.connections
    if (connections?.delete(connection) !== true || connections.size > 0) return
    known.delete(key)
    changed(key)
  }

  const mark = (peer: PeerId, responsive: boolean): void => {
    const key = peerKey(peer)
    const found = known.get(key)
    if (found === undefined || found.responsive === responsive) return
    found.responsive = responsive
    changed(key)
  }

  return {
    peer$: new Observable((subscriber) => undisturbed(() => {
      for (const event of up.values()) subscriber.next(event)
      subscriber.add(event$.subscribe(subscriber))
    })),
    connected: (connection, supportsHave) => {
      const peer = connection.remotePeer
      const key = peerKey(peer)
      const found = known.get(key)
        ?? { peer, supportsHave, connections: new Map<Connection, () => void>(), responsive: true }
      mark(peer, true)
      if (connection.status !== 'open' || found.connections.has(connection)) return
      known.set(key, found)
      found.connections.set(connection, listen(connection, {
        close: () => disconnected(key, connection),
      }))
      changed(key)
    },
    responsive: (peer) => mark(peer, true),
    unresponsive: (peer) => mark(peer, false),
    stop: () => {
      for (const { connections } of known.values()) {
        for (const stopListening of connections.values()) stopListening()
      }
      known.clear()
      up.clear()
    },
  }
}
