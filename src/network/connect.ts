import type { PeerId } from '@libp2p/interface'
import { catchError, EMPTY, map, merge, mergeMap, type Observable } from 'rxjs'
import type { Multiaddr } from '@multiformats/multiaddr'
import { DialError } from '../errors.ts'
import { observed } from '../operators/now-or-later.ts'
import type { Clock } from '../ports.ts'
import { abortable } from './abortable.ts'
import { within } from './deadline.ts'
import type { Libp2pHost } from './host.ts'
import type { Outbound } from './outbound.ts'

/** Time for dialling and agreeing on a protocol, in ms. libp2p gives 10 s to each. */
export const CONNECT_TIMEOUT_MS = 20_000

export interface ConnectDeps {
  readonly clock: Clock
  readonly host: Libp2pHost
  readonly outgoing: Outbound
}

/**
 * `Network.connect`: dials and opens the stream that messages will go out on. That is proof that
 * the peer speaks Bitswap, where identify may take its time or be missing.
 */
export const connector = ({ clock, host, outgoing }: ConnectDeps) =>
  (target: PeerId | Multiaddr): Observable<PeerId> =>
    abortable((signal) => host.dial(target, { signal })).pipe(
      mergeMap(({ remotePeer }) =>
        observed(() => outgoing.writer(remotePeer)).pipe(map(() => remotePeer))),
      within(clock, CONNECT_TIMEOUT_MS, 'Connecting'),
      catchError((error: unknown) => { throw new DialError(target.toString(), error) }),
    )

/**
 * Asks everybody who is connected for a stream: identify told them, and us, what was spoken before.
 * Cold; never errors.
 */
export const greet = (
  host: Pick<Libp2pHost, 'getConnections'>,
  connect: (peer: PeerId) => Observable<PeerId>,
): Observable<PeerId> =>
  merge(...host.getConnections().map(({ remotePeer }) =>
    connect(remotePeer).pipe(catchError(() => EMPTY))))
