import type { PeerId } from '@libp2p/interface'
import { catchError, EMPTY, filter, ignoreElements, mergeMap, type Observable, tap } from 'rxjs'
import { peerKey } from '../message/keys.ts'
import { after } from '../operators/after.ts'
import type { Clock, Network } from '../ports.ts'
import type { ClientInput, Request, Scope } from './contract.ts'

export interface RedialDeps<R extends Request> {
  readonly clock: Clock
  readonly network: Pick<Network, 'connect' | 'peer$'>
  readonly command: (input: ClientInput<R>) => void
}

/** How long to wait before each try to reach a lost peer again, in ms. */
const REDIAL_MS = [100, 1_000, 5_000]

/**
 * Dials the peers of a session that are lost, so that a transfer outlives its connection. While it
 * tries, the wants of the session wait; when it gives up, the peer counts as unreachable.
 */
export const redial = <R extends Request>(
  deps: RedialDeps<R>,
  scope: Scope,
): Observable<never> =>
  deps.network.peer$.pipe(
    filter(({ type, peer }) => type === 'peer-down' && isMember(scope, peer)),
    mergeMap(({ peer }) => {
      deps.command({ type: 'dialling', scope })
      return tries(deps, peer).pipe(
        tap((found) => {
          deps.command({ type: 'dialled', scope, outcome: { type: 'member', peer: found } })
        }),
        catchError(() => {
          const evidence = { peer, verdict: 'unreachable' } as const
          deps.command({ type: 'dialled', scope, outcome: { type: 'unreachable', evidence } })
          return EMPTY
        }),
      )
    }),
    ignoreElements(),
  )

const isMember = ({ members }: Scope, peer: PeerId): boolean =>
  members !== 'everyone' && members.has(peerKey(peer))

const tries = <R extends Request>(
  { clock, network }: RedialDeps<R>,
  peer: PeerId,
): Observable<PeerId> => {
  const dial = (delayMs: number): Observable<PeerId> =>
    after(clock, delayMs).pipe(mergeMap(() => network.connect(peer)))
  const [first = 0, ...others] = REDIAL_MS
  return others.reduce(
    (dialled$, delayMs) => dialled$.pipe(catchError(() => dial(delayMs))),
    dial(first),
  )
}
