import type { Connection, Stream } from '@libp2p/interface'
import { defer, filter, Subject, takeUntil, throwError } from 'rxjs'
import { DialError, NotStartedError, SendError } from '../errors.ts'
import { supportsHave } from '../message/protocols.ts'
import { trampoline } from '../operators/trampoline.ts'
import type { PeerFault, Received } from '../ports.ts'
import { connector } from './connect.ts'
import type { Libp2pHost } from './host.ts'
import { inbound } from './inbound.ts'
import type { Libp2pNetwork, Libp2pNetworkOptions } from './libp2p-network.ts'
import { linger } from './linger.ts'
import { outbound } from './outbound.ts'
import { knownPeers } from './peers.ts'
import { registration } from './registration.ts'
import { sender } from './send.ts'

/** A network from its start to its stop. */
export const networkRun = (
  host: Libp2pHost,
  { clock, runOnLimitedConnections = false }: Libp2pNetworkOptions,
): Libp2pNetwork => {
  let phase: 'new' | 'running' | 'stopped' = 'new'
  let started = Promise.resolve()
  const stopped$ = new Subject<void>()
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
  const outgoing = outbound({ host, runOnLimitedConnections, onOpen })
  const { register, unregister } = registration({
    host,
    runOnLimitedConnections,
    onStream: (stream, connection) => {
      if (phase === 'running') onOpen(stream, connection)
      else stream.abort(new NotStartedError())
    },
    onIdentified: (connection, supportsHave) => {
      if (phase !== 'running') return
      peers.connected(connection, supportsHave)
      peers.responsive(connection.remotePeer)
    },
  })
  peers.peer$.pipe(filter(({ type }) => type === 'peer-down')).subscribe(({ peer }) => {
    incoming.resume(peer)
    outgoing.drop(peer, new Error('The peer is gone'))
  })
  const send = sender({ clock, outbound: outgoing, onGaveUp: peers.unresponsive })
  const connect = connector({ clock, host, outbound: outgoing, onConnected: peers.responsive })

  return {
    message$: messages.event$,
    peer$: peers.peer$,
    fault$: faults.event$,
    send: (peer, message) => defer(() => phase === 'running'
      ? send(peer, message).pipe(takeUntil(stopped$))
      : throwError(() => new SendError(peer, 0, new NotStartedError()))),
    connect: (target) => defer(() => phase === 'running'
      ? connect(target).pipe(takeUntil(stopped$))
      : throwError(() => new DialError(target.toString(), new NotStartedError()))),
    pauseReading: incoming.pause,
    resumeReading: incoming.resume,
    start: () => {
      if (phase === 'new') {
        phase = 'running'
        started = register()
      }
      return started
    },
    stop: async () => {
      phase = 'stopped'
      stopped$.next()
      const streams = outgoing.release()
      incoming.stop()
      peers.stop()
      messages.complete()
      faults.complete()
      await Promise.all([linger(clock, streams), started.then(unregister, () => undefined)])
    },
  }
}
