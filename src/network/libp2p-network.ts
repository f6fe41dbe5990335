import { defer } from 'rxjs'
import type { Clock, Network } from '../ports.ts'
import type { Libp2pHost } from './host.ts'
import { networkRun } from './network-run.ts'

/** What the network is given besides a node. */
export interface Libp2pNetworkOptions {
  readonly clock: Clock
  /** Use connections that a relay limits in time and bytes, too. Default `false`, as in libp2p. */
  readonly runOnLimitedConnections?: boolean | undefined
}

/** The `Network` port on a libp2p node, which it neither starts nor stops. */
export interface Libp2pNetwork extends Network {
  /**
   * Registers the protocols and finds the peers that are connected already. Does nothing when it
   * has started. Rejects, with nothing left registered, if another service handles a protocol.
   */
  start(): Promise<void>
  /**
   * Completes every stream and every call under way, resets inbound streams, unregisters, leaves no
   * timer or listener. May be called at any time. The network can be started again; who subscribes
   * from now on hears of the next run.
   */
  stop(): Promise<void>
}

/**
 * Bitswap's messages on libp2p streams. Needs the identify service on the node: that is how a peer
 * is known to speak Bitswap before it has said anything.
 */
export const libp2pNetwork = (host: Libp2pHost, options: Libp2pNetworkOptions): Libp2pNetwork => {
  let run = networkRun(host, options)
  let stopped: Promise<unknown> = Promise.resolve()
  return {
    message$: defer(() => run.message$),
    peer$: defer(() => run.peer$),
    fault$: defer(() => run.fault$),
    send: (peer, message) => run.send(peer, message),
    connect: (target) => run.connect(target),
    pauseReading: (peer) => run.pauseReading(peer),
    resumeReading: (peer) => run.resumeReading(peer),
    start: async () => {
      await stopped
      await run.start()
    },
    stop: () => {
      const stopping = run.stop()
      run = networkRun(host, options)
      stopped = Promise.allSettled([stopped, stopping])
      return stopping
    },
  }
}
