import type { Routing } from '@helia/interface'
import type { PeerStore } from '@libp2p/interface'
import { peerIdFromCID } from '@libp2p/peer-id'
import { concatMap, filter } from 'rxjs'
import { abortable } from '../network/abortable.ts'
import type { Providers } from '../ports.ts'

export interface HeliaProvidersInit {
  readonly routing: Pick<Routing, 'findProviders'>
  /** Where the addresses of the providers go, so that they can be dialled. */
  readonly peerStore: Pick<PeerStore, 'merge'>
}

/** Providers from Helia's routing, without those that only speak something else than Bitswap. */
export const heliaProviders = ({ routing, peerStore }: HeliaProvidersInit): Providers => ({
  findProviders: (cid) =>
    abortable((signal) => routing.findProviders(cid, { signal })).pipe(
      filter(({ protocols }) => protocols === undefined || protocols.includes('transport-bitswap')),
      concatMap(async ({ id, multiaddrs }) => {
        const peer = peerIdFromCID(id)
        if (multiaddrs.length > 0) await peerStore.merge(peer, { multiaddrs })
        return peer
      }),
    ),
})
