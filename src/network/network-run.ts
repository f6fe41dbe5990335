import type { Connection, Stream } from '@libp2p/interface'
import { defer, isObservable, Subject, takeUntil } from 'rxjs'
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

/** A network from its start to its stop: puts the parts together. */
export const networkRun = (host: Libp2pHost, options: Libp2pNetworkOptions): Libp2pNetwork => {
  const { clock, runOnLimitedConnections = false } = options
  let isRunning = false
  let started: Promise<void> | undefined
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
  /** A stream that we or the peer opened, in the tick in which libp2p hands it over. */
  const onOpen = (stream: Stream, connection: Connection): void => {
    incoming.receive(stream, connection.remotePeer)
    // Whoever opens or accepts one speaks Bitswap, whatever identify has yet to say.
    peers.connected(connection, supportsHave(stream.protocol))
  }
  const outgoing = outbound({ host, clock, runOnLimitedConnections, onOpen })
  peers.peer$.pipe(takeUntil(stopped$)).subscribe(({ type, peer }) => {
    if (type === 'peer-up') return
    incoming.resume(peer)
    outgoing.drop(peer)
  })
  const send = sender({ clock, outgoing, onGaveUp: peers.unresponsive })
  const connect = connector({ clock, host, outgoing, onConnected: peers.responsive })
  const { register, unregister } = registration({
    host,
    runOnLimitedConnections,
    onStream: (stream, connection) => {
      if (isRunning) onOpen(stream, connection)
      else stream.abort(new NotStartedError())
    },
    onIdentified: (connection, supportsHave) => {
      if (!isRunning) return
      peers.connected(connection, supportsHave)
      peers.responsive(connection.remotePeer)
    },
  })

  return {
    message$: messages.event$,
    peer$: peers.peer$,
    fault$: faults.event$,
    send: (peer, message) => {
      if (!isRunning) throw new SendError(peer, 0, new NotStartedError())
      const sent = send(peer, message)
      return isObservable(sent) ? sent.pipe(takeUntil(stopped$)) : sent
    },
    connect: (target) => defer(() => {
      if (!isRunning) throw new DialError(target.toString(), new NotStartedError())
      return connect(target).pipe(takeUntil(stopped$))
    }),
    pauseReading: incoming.pause,
    resumeReading: incoming.resume,
    start: () => {
      isRunning = true
      return started ??= register()
    },
    stop: async () => {
      isRunning = false
      stopped$.next()
      const ours = outgoing.release()
      incoming.stop()
      peers.stop()
      messages.complete()
      faults.complete()
      await Promise.all([linger(clock, ours), started?.then(unregister, () => undefined)])
    },
  }
}
