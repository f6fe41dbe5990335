import type {
  Connection,
  IdentifyResult,
  PeerId,
  StreamHandler,
  StreamHandlerOptions,
} from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'

interface Dialing { readonly signal: AbortSignal }

type IdentifyListener = (event: CustomEvent<IdentifyResult>) => void

interface IdentifyEvents {
  addEventListener(type: 'peer:identify', listener: IdentifyListener): void
  removeEventListener(type: 'peer:identify', listener: IdentifyListener): void
}

/** What Bitswap needs of a libp2p node. A `Libp2p` object is one as it stands. */
export interface Libp2pHost extends IdentifyEvents {
  handle(
    protocol: string,
    handler: StreamHandler,
    options: StreamHandlerOptions,
  ): Promise<void>
  unhandle(protocol: string): Promise<void>
  getConnections(peer?: PeerId): Connection[]
  dial(peer: PeerId | Multiaddr, options: Dialing): Promise<Connection>
}

/** The same, as a libp2p service gets it. */
export interface Libp2pHostComponents {
  readonly registrar: Pick<Libp2pHost, 'handle' | 'unhandle'>
  readonly connectionManager: {
    getConnections(peer?: PeerId): Connection[]
    openConnection(peer: PeerId | Multiaddr, options: Dialing): Promise<Connection>
  }
  readonly events: IdentifyEvents
}

/** The host inside a libp2p service: `bitswap(init)(components)`. */
export const hostOf = (
  { registrar, connectionManager, events }: Libp2pHostComponents,
): Libp2pHost => ({
  handle: (protocol, handler, options) => registrar.handle(protocol, handler, options),
  unhandle: (protocol) => registrar.unhandle(protocol),
  getConnections: (peer) => connectionManager.getConnections(peer),
  dial: (peer, options) => connectionManager.openConnection(peer, options),
  addEventListener: (type, listener) => events.addEventListener(type, listener),
  removeEventListener: (type, listener) => events.removeEventListener(type, listener),
})
