import type { Connection, IdentifyResult, StreamHandler } from '@libp2p/interface'
import { BITSWAP_PROTOCOLS, supportsHave } from '../message/protocols.ts'
import type { Libp2pHost } from './host.ts'

/**
 * Streams that a peer may have open to us on one connection, per protocol. boxo's servers open one
 * a message, and yamux allows 1,000 in all.
 */
export const MAX_INBOUND_STREAMS = 1_024

/** Bitswap's place in a libp2p node: its protocol handlers, and word of who speaks them. */
export interface Registration {
  /** Rejects if a protocol is taken. */
  register(): Promise<void>
  /** Whatever has been registered. */
  unregister(): Promise<void>
}

export interface RegistrationDeps {
  readonly host: Libp2pHost
  readonly runOnLimitedConnections: boolean
  readonly onStream: StreamHandler
  /** The peer was identified, not always for the first time, and speaks Bitswap. */
  readonly onIdentified: (connection: Connection, supportsHave: boolean) => void
}

export const registration = (
  { host, runOnLimitedConnections, onStream, onIdentified }: RegistrationDeps,
): Registration => {
  const handled: string[] = []

  // A topology per protocol would hear the same, but of one protocol at a time, and of goodbyes
  // that a new connection has overtaken.
  const onIdentify = ({ detail: { connection, protocols } }: CustomEvent<IdentifyResult>): void => {
    if (connection.limits !== undefined && !runOnLimitedConnections) return
    const best = BITSWAP_PROTOCOLS.find((protocol) => protocols.includes(protocol))
    if (best !== undefined) onIdentified(connection, supportsHave(best))
  }

  return {
    register: async () => {
      host.addEventListener('peer:identify', onIdentify)
      for (const protocol of BITSWAP_PROTOCOLS) {
        await host.handle(protocol, onStream, {
          maxInboundStreams: MAX_INBOUND_STREAMS,
          runOnLimitedConnection: runOnLimitedConnections,
        })
        handled.push(protocol)
      }
    },
    unregister: async () => {
      host.removeEventListener('peer:identify', onIdentify)
      await Promise.all(handled.splice(0).map((protocol) => host.unhandle(protocol)))
    },
  }
}
