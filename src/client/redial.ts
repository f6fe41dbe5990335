import type { PeerId } from '@libp2p/interface'
import { mergeMap, type Observable, retry } from 'rxjs'
import { after } from '../operators/after.ts'
import type { Clock, Network } from '../ports.ts'

/** How long to wait before the first try to reach a lost peer again, and before each further. */
const FIRST_MS = 100
const FURTHER_MS = [1_000, 5_000]

/**
 * Dials a peer that was lost, so that a transfer outlives its connection. Cold; emits the peer and
 * completes, or errors when the last try has failed.
 */
export const redial = (
  { clock, network }: { readonly clock: Clock, readonly network: Pick<Network, 'connect'> },
  peer: PeerId,
): Observable<PeerId> =>
  after(clock, FIRST_MS).pipe(mergeMap(() => network.connect(peer).pipe(retry({
    count: FURTHER_MS.length,
    delay: (_error, tries) => after(clock, FURTHER_MS[tries - 1]!),
  }))))
