import type { Routing } from '@helia/interface'
import type { ContentRouting, PeerStore } from '@libp2p/interface'
import { peerIdFromCID } from '@libp2p/peer-id'
import { EMPTY, catchError, concatMap, filter, map, throwError } from 'rxjs'
import type { Providers } from '../ports.ts'
import { abortable } from '../network/abortable.ts'

/**
 * Providers from libp2p's content routing (a DHT, delegated routers), which also learns their
 * addresses. A node without any content router finds nobody.
 */
export const libp2pProviders = (
  contentRouting: Pick<ContentRouting, 'findProviders'>,
): Providers => ({
  findProviders: (cid) =>
    abortable((signal) => contentRouting.findProviders(cid, { signal })).pipe(
      map(({ id }) => id),
      catchError((error: unknown) => isWithoutRouters(error) ? EMPTY : throwError(() => error)),
    ),
})

const isWithoutRouters = (error: unknown): boolean =>
  error instanceof Error && error.name === 'NoContentRoutersError'

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
