import type { PeerId } from '@libp2p/interface'
import { defer, mergeMap, type Observable, retry } from 'rxjs'
import { after } from '../operators/after.ts'
import type { Clock, Network } from '../ports.ts'

/** How long to wait before each try to reach a lost peer again, in ms. */
const REDIAL_MS = [100, 1_000, 5_000]

/**
 * Dials a peer that was lost, so that a transfer outlives its connection. Cold; emits the peer and
 * completes, or errors when the last try has failed.
 */
export const redial = (
  { clock, network }: { readonly clock: Clock, readonly network: Pick<Network, 'connect'> },
  peer: PeerId,
): Observable<PeerId> =>
  defer(() => {
    const delays = REDIAL_MS.values()
    return defer(() => after(clock, delays.next().value!)).pipe(
      mergeMap(() => network.connect(peer)),
      retry(REDIAL_MS.length - 1),
    )
  })
