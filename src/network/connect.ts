import type { PeerId } from '@libp2p/interface'
import { catchError, map, mergeMap, type Observable } from 'rxjs'
import type { Multiaddr } from '@multiformats/multiaddr'
import { DialError } from '../errors.ts'
import { observed } from '../operators/now-or-later.ts'
import type { Clock } from '../ports.ts'
import { abortable } from './abortable.ts'
import { within } from './deadline.ts'
import type { Libp2pHost } from './host.ts'
import type { Outbound } from './outbound.ts'
import type { Peers } from './peers.ts'

/** Time for dialling and agreeing on a protocol, in ms. libp2p gives 10 s to each. */
export const CONNECT_TIMEOUT_MS = 20_000

export interface ConnectDeps {
  readonly clock: Clock
  readonly host: Libp2pHost
  readonly outgoing: Outbound
  readonly peers: Pick<Peers, 'responsive'>
}

/**
 * `Network.connect`: dials and opens the stream that messages will go out on. That is proof that
 * the peer speaks Bitswap, where identify may take its time or be missing.
 */
export const connector = ({ clock, host, outgoing, peers }: ConnectDeps) =>
  (target: PeerId | Multiaddr): Observable<PeerId> =>
    abortable((signal) => host.dial(target, { signal })).pipe(
      mergeMap(({ remotePeer }) => observed(() => outgoing.writer(remotePeer)).pipe(
        map(() => {
          peers.responsive(remotePeer)
          return remotePeer
        }),
      )),
      within(clock, CONNECT_TIMEOUT_MS, 'Connecting'),
      catchError((error: unknown) => { throw new DialError(target.toString(), error) }),
    )
