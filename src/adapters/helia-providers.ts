import type { Provider, Routing } from '@helia/interface'
import type { PeerId, PeerStore } from '@libp2p/interface'
import { peerIdFromCID } from '@libp2p/peer-id'
import { catchError, concatMap, EMPTY, filter, from } from 'rxjs'
import { abortable } from '../network/abortable.ts'
import type { Providers } from '../ports.ts'

export interface HeliaProvidersInit {
  readonly routing: Pick<Routing, 'findProviders'>
  /** Where the addresses of the providers go, so that they can be dialled. */
  readonly peerStore: Pick<PeerStore, 'merge'>
}

/**
 * Providers from Helia's routing, without those that only speak something else than Bitswap, are
 * not peers, or have addresses that the peer store refuses.
 */
export const heliaProviders = ({ routing, peerStore }: HeliaProvidersInit): Providers => {
  const remembered = async ({ id, multiaddrs }: Provider): Promise<PeerId> => {
    const peer = peerIdFromCID(id)
    if (multiaddrs.length > 0) await peerStore.merge(peer, { multiaddrs })
    return peer
  }
  return {
    findProviders: (cid) =>
      abortable((signal) => routing.findProviders(cid, { signal })).pipe(
        filter(maySpeakBitswap),
        concatMap((provider) => from(remembered(provider)).pipe(catchError(() => EMPTY))),
      ),
  }
}

/** Delegated routers do not know the protocols of what comes from the DHT. */
const maySpeakBitswap = ({ protocols = [] }: Provider): boolean =>
  protocols.length === 0 || protocols.includes('transport-bitswap')
