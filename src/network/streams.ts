import type { Connection, Stream } from '@libp2p/interface'
import { filter, tap } from 'rxjs'
import { supportsHave } from '../message/protocols.ts'
import { trampoline } from '../operators/trampoline.ts'
import type { Network, PeerFault, Received } from '../ports.ts'
import type { Libp2pHost } from './host.ts'
import { inbound } from './inbound.ts'
import type { Inbound } from './inbound.ts'
import { outbound } from './outbound.ts'
import type { Outbound, OutboundDeps } from './outbound.ts'
import { knownPeers } from './peers.ts'
import type { Peers } from './peers.ts'

export type StreamsOptions = Pick<OutboundDeps, 'clock' | 'runOnLimitedConnections'>

/** All Bitswap streams of a node, and what they tell of the peers. */
export interface Streams extends Pick<Network, 'message$' | 'fault$'> {
  readonly peers: Peers
  readonly incoming: Inbound
  readonly outgoing: Outbound
  /** Takes a stream that we or the peer opened, in the tick in which libp2p hands it over. */
  onOpen(stream: Stream, connection: Connection): void
  /** Completes, resets what peers opened, and hands over what we opened. */
  stop(): readonly Stream[]
}

export const bitswapStreams = (
  host: Libp2pHost,
  { clock, runOnLimitedConnections }: StreamsOptions,
): Streams => {
  const messages = trampoline<Received>()
  const faults = trampoline<PeerFault>()
  const peers = knownPeers()
  const incoming = inbound({
    clock,
    onMessage: (received) => {
      peers.responsive(received.peer)
      messages.next(received)
    },
    onFault: faults.next,
  })
  // Who opens or accepts a Bitswap stream speaks Bitswap, whatever identify has yet to say.
  const onOpen = (stream: Stream, connection: Connection): void => {
    incoming.receive(stream, connection.remotePeer)
    peers.connected(connection, supportsHave(stream.protocol))
  }
  const outgoing = outbound({ host, clock, runOnLimitedConnections, onOpen })
  const goodbyes = peers.peer$.pipe(
    filter(({ type }) => type === 'peer-down'),
    tap(({ peer }) => {
      incoming.resume(peer)
      outgoing.drop(peer)
    }),
  ).subscribe()
  return {
    message$: messages.event$,
    fault$: faults.event$,
    peers,
    incoming,
    outgoing,
    onOpen,
    stop: () => {
      goodbyes.unsubscribe()
      const ours = outgoing.release()
      incoming.stop()
      peers.stop()
      messages.complete()
      faults.complete()
      return ours
    },
  }
}
