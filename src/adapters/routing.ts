import type { ContentRouting } from '@libp2p/interface'
import { map } from 'rxjs'
import { abortable } from '../network/abortable.ts'
import type { Providers } from '../ports.ts'

/**
 * Providers from libp2p's content routing (a DHT, delegated routers), which also learns their
 * addresses. Fails as the routing does, also for a node without any content router: a search that
 * fails has found nobody.
 */
export const libp2pProviders = (
  contentRouting: Pick<ContentRouting, 'findProviders'>,
): Providers => ({
  findProviders: (cid) =>
    abortable((signal) => contentRouting.findProviders(cid, { signal })).pipe(map(({ id }) => id)),
})
