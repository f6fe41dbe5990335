import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { concat, defer, from, Subject } from 'rxjs'
import { peerKey } from '../message/keys.ts'
import type { PeerKey } from '../message/keys.ts'
import type { Clock, Network, PeerEvent, PeerFault, Received } from '../ports.ts'

/** What both simulated networks share: the streams of a `Network`, and the way to feed them. */
export interface SimulatedEnd
  extends Pick<Network, 'message$' | 'peer$' | 'fault$' | 'pauseReading' | 'resumeReading'> {
  up(peer: PeerId, supportsHave: boolean): void
  down(peer: PeerId): void
  /** Calls `onRead` when the node takes the message: at once, unless it does not read. */
  receive(received: Received, onRead?: () => void): void
  /** Nothing if the peer is not up. */
  fault(fault: PeerFault): void
  /** The peer of this key, if it is up. */
  connected(key: PeerKey): PeerId | undefined
  /** True of a peer that is not up. */
  isReading(peer: PeerId): boolean
  /** Completes the streams. */
  stop(): void
}

type PeerUp = Extract<PeerEvent, { type: 'peer-up' }>

interface Connection {
  readonly event: PeerUp
  reading: boolean
  /** Messages that came while the node did not read. */
  unread: { readonly received: Received, readonly onRead: (() => void) | undefined }[]
}

export const simulatedEnd = (clock: Clock): SimulatedEnd => {
  const connections = new Map<PeerKey, Connection>()
  const message$ = new Subject<Received>()
  const peer$ = new Subject<PeerEvent>()
  const fault$ = new Subject<PeerFault>()

  const read = (connection: Connection): void => {
    while (connection.reading) {
      const next = connection.unread.shift()
      if (next === undefined) return
      next.onRead?.()
      message$.next(next.received)
    }
  }

  const connectionOf = (peer: PeerId): Connection | undefined => connections.get(peerKey(peer))

  return {
    message$: message$.asObservable(),
    peer$: concat(defer(() => from([...connections.values()].map(({ event }) => event))), peer$),
    fault$: fault$.asObservable(),
    pauseReading (peer) {
      const connection = connectionOf(peer)
      if (connection !== undefined) connection.reading = false
    },
    resumeReading (peer) {
      const connection = connectionOf(peer)
      if (connection === undefined || connection.reading) return
      connection.reading = true
      // Not from within the call: the node resumes in the middle of its own work.
      clock.soon(() => { read(connection) })
    },
    up (peer, supportsHave) {
      if (connections.has(peerKey(peer))) return
      const event: PeerUp = { type: 'peer-up', peer, supportsHave }
      connections.set(peerKey(peer), { event, reading: true, unread: [] })
      peer$.next(event)
    },
    down (peer) {
      const connection = connectionOf(peer)
      if (connection === undefined) return
      connection.unread = []
      connections.delete(peerKey(peer))
      peer$.next({ type: 'peer-down', peer })
    },
    receive (received, onRead) {
      const connection = connectionOf(received.peer)
      if (connection === undefined) return
      connection.unread.push({ received, onRead })
      read(connection)
    },
    fault (fault) {
      if (connectionOf(fault.peer) !== undefined) fault$.next(fault)
    },
    connected: (key) => connections.get(key)?.event.peer,
    isReading: (peer) => connectionOf(peer)?.reading ?? true,
    stop () {
      message$.complete()
      peer$.complete()
      fault$.complete()
    },
  }
}

/** The peer that a target of `connect` names: a peer id, or an address that ends in one. */
export const targetKey = (target: PeerId | Multiaddr): PeerKey =>
  target.toString().replace(/^.*\/p2p\//, '') as PeerKey
