import { defer, isObservable, Subject, takeUntil, throwError } from 'rxjs'
import { DialError, NotStartedError, SendError } from '../errors.ts'
import { connector } from './connect.ts'
import type { Libp2pHost } from './host.ts'
import type { Libp2pNetwork } from './libp2p-network.ts'
import { linger } from './linger.ts'
import { registration } from './registration.ts'
import { sender } from './send.ts'
import { bitswapStreams, type StreamsOptions } from './streams.ts'

/** A network from its start to its stop. */
export const networkRun = (host: Libp2pHost, options: StreamsOptions): Libp2pNetwork => {
  const { clock, runOnLimitedConnections } = options
  let phase: 'new' | 'running' | 'stopped' = 'new'
  let started = Promise.resolve()
  const stopped$ = new Subject<void>()
  const streams = bitswapStreams(host, options)
  const { peers, incoming, outgoing } = streams
  const send = sender({ clock, outgoing, onGaveUp: peers.unresponsive })
  const connect = connector({ clock, host, outgoing, onConnected: peers.responsive })
  const { register, unregister } = registration({
    host,
    runOnLimitedConnections,
    onStream: (stream, connection) => {
      if (phase === 'running') streams.onOpen(stream, connection)
      else stream.abort(new NotStartedError())
    },
    onIdentified: (connection, supportsHave) => {
      if (phase !== 'running') return
      peers.connected(connection, supportsHave)
      peers.responsive(connection.remotePeer)
    },
  })

  return {
    message$: streams.message$,
    peer$: peers.peer$,
    fault$: streams.fault$,
    send: (peer, message) => {
      if (phase !== 'running') throw new SendError(peer, 0, new NotStartedError())
      const sent = send(peer, message)
      return isObservable(sent) ? sent.pipe(takeUntil(stopped$)) : sent
    },
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
      const open = streams.stop()
      await Promise.all([linger(clock, open), started.then(unregister, () => undefined)])
    },
  }
}
