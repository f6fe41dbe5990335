import type { Connection, Stream } from '@libp2p/interface'
import { defer, isObservable, Subject, takeUntil } from 'rxjs'
import { DialError, NotStartedError, SendError } from '../errors.ts'
import { supportsHave } from '../message/protocols.ts'
import { trampoline } from '../operators/trampoline.ts'
import type { Clock, Network, PeerFault, Received } from '../ports.ts'
import { connector, greet } from './connect.ts'
import type { Libp2pHost } from './host.ts'
import { inbound } from './inbound.ts'
import { linger } from './linger.ts'
import { outbound } from './outbound.ts'
import { knownPeers } from './peers.ts'
import { registration } from './registration.ts'
import { sender } from './send.ts'

/** What the network is given besides a node. */
export interface Libp2pNetworkOptions {
  readonly clock: Clock
  /** Use connections that a relay limits in time and bytes, too. Default `false`, as in libp2p. */
  readonly runOnLimitedConnections?: boolean | undefined
}

/**
 * The `Network` port on a libp2p node, which it neither starts nor stops. Await each start and stop
 * before the next.
 */
export interface Libp2pNetwork extends Network {
  /**
   * Registers the protocols, and asks the peers that are connected already for a stream, which it
   * does not wait for. Does nothing when it has started. Rejects, as if it had been stopped, if
   * another service handles a protocol.
   */
  start(): Promise<void>
  /**
   * Completes every stream and every call under way, resets inbound streams, unregisters, leaves no
   * timer or listener. Does nothing before a start. The network can be started again; who
   * subscribes from now on hears of the next run.
   */
  stop(): Promise<void>
}

/**
 * Bitswap's messages on libp2p streams. Needs the identify service on the node: that is how a peer
 * is known to speak Bitswap before it has said anything.
 */
export const libp2pNetwork = (host: Libp2pHost, options: Libp2pNetworkOptions): Libp2pNetwork => {
  const { clock, runOnLimitedConnections = false } = options
  let isRunning = false
  const stopped$ = new Subject<void>()
  const messages = trampoline<Received>()
  const faults = trampoline<PeerFault>()
  const peers = knownPeers((peer) => {
    outgoing.drop(peer)
    // Later, for what waits is said after the loss, and by a peer that is up again.
    queueMicrotask(() => incoming.resume(peer))
  })
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
    incoming.receive(stream, connection)
    // Whoever opens or accepts one speaks Bitswap, whatever identify has yet to say.
    peers.connected(connection, supportsHave(stream.protocol))
  }
  const outgoing = outbound({ host, clock, runOnLimitedConnections, onOpen })
  const reaching = { clock, host, outgoing, peers }
  const send = sender(reaching)
  const connect = connector(reaching)
  const { register, unregister } = registration({
    host,
    runOnLimitedConnections,
    onStream: (stream, connection) => {
      if (isRunning) onOpen(stream, connection)
      else stream.abort(new NotStartedError())
    },
    onIdentified: (connection, supportsHave) => {
      if (isRunning) peers.connected(connection, supportsHave)
    },
  })

  const stop = async (): Promise<void> => {
    isRunning = false
    stopped$.next()
    const ours = outgoing.release()
    incoming.stop()
    peers.stop()
    await Promise.all([linger(clock, ours), unregister()])
  }

  return {
    message$: messages.event$.pipe(takeUntil(stopped$)),
    peer$: peers.peer$.pipe(takeUntil(stopped$)),
    fault$: faults.event$.pipe(takeUntil(stopped$)),
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
    start: async () => {
      if (isRunning) return
      // While it registers there may be streams already.
      isRunning = true
      await register().catch(async (error: unknown) => {
        await stop()
        throw error
      })
      greet(host, connect).pipe(takeUntil(stopped$)).subscribe()
    },
    stop,
  }
}
