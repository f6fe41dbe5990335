import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import {
  catchError, defer, EMPTY, endWith, filter, map, merge,
  mergeMap, type Observable, of, Subject, takeUntil,
} from 'rxjs'
import { OverloadedError } from '../errors.ts'
import type { Asking, Session, SessionOptions } from '../exchange.ts'
import { peerKey } from '../message/keys.ts'
import { pullMap } from '../operators/pull-map.ts'
import { trampoline } from '../operators/trampoline.ts'
import type { Clock, Network } from '../ports.ts'
import type { ClientInput, DialOutcome, Request, Scope } from './contract.ts'
import { redial } from './redial.ts'
import { everyone, includes } from './scope.ts'

export interface SessionDeps<R extends Request> {
  /** The node stops. */
  readonly stopping$: Observable<unknown>
  readonly clock: Clock
  readonly network: Pick<Network, 'connect' | 'peer$'>
  readonly command: (input: ClientInput<R>) => void
  readonly asking: (scope: Scope, discovery?: boolean) => Asking
}

/** Peers of one session that are dialled at the same time. */
const MAX_DIALS = 8

/** Providers that may wait to be dialled. */
const MAX_WAITING_PROVIDERS = 1_024

/**
 * Dials at once what it was given, and its own peers again when they are lost; its wants wait for
 * that before they give up.
 */
export const openSession = <R extends Request>(
  deps: SessionDeps<R>,
  { peers, providers, discovery }: SessionOptions,
): Session => {
  const scope: Scope = { ...everyone(), ...(peers !== undefined && { members: new Map() }) }
  const { complete: close, event$ } = trampoline<never>()
  const closed$ = event$.pipe(endWith(undefined))
  const ended$ = merge(closed$, deps.stopping$)
  merge(
    dialAll(deps, scope, ended$, 'member', peers ?? []),
    dialAll(deps, scope, ended$, 'preferred', providers ?? []),
    // Without peers of its own it listens to nothing, so that it may be dropped without a close.
    peers === undefined ? EMPTY : dialLost(deps, scope),
  ).pipe(takeUntil(ended$)).subscribe()
  const { want, retrieve, availability } = deps.asking(scope, discovery)
  return {
    want: (cid, options) => want(cid, options).pipe(takeUntil(closed$)),
    retrieve: (cids, options) => retrieve(cids, options).pipe(takeUntil(closed$)),
    availability: (cid, options) => availability(cid, options).pipe(takeUntil(closed$)),
    close,
    [Symbol.dispose]: close,
  }
}

const dialAll = <R extends Request>(
  deps: SessionDeps<R>,
  scope: Scope,
  ended$: Observable<unknown>,
  type: 'member' | 'preferred',
  targets: NonNullable<SessionOptions['providers']>,
): Observable<never> =>
  pullMap(targets, (target) => {
    const dial$ = dial(deps, scope, type, target, deps.network.connect(target))
    return detached(dial$, ended$)
  }, {
    concurrency: MAX_DIALS,
    maxWaiting: MAX_WAITING_PROVIDERS,
    overflow: () => new OverloadedError('providers', MAX_WAITING_PROVIDERS),
  }).pipe(catchError(() => EMPTY))

/** Goes on when the targets end in an error. */
const detached = (dial$: Observable<never>, ended$: Observable<unknown>): Observable<never> => {
  const over$ = new Subject<never>()
  dial$.pipe(takeUntil(ended$)).subscribe(over$)
  return over$
}

/** While it tries, the wants of the session wait; if it fails, the peer counts as unreachable. */
const dialLost = <R extends Request>(deps: SessionDeps<R>, scope: Scope): Observable<never> =>
  deps.network.peer$.pipe(
    filter(({ type, peer }) => type === 'peer-down' && includes(scope, peerKey(peer))),
    mergeMap(({ peer }) => dial(deps, scope, 'member', peer, redial(deps, peer))),
  )

const dial = <R extends Request>(
  { command }: SessionDeps<R>,
  scope: Scope,
  type: 'member' | 'preferred',
  target: PeerId | Multiaddr,
  connected$: Observable<PeerId>,
): Observable<never> => {
  const unreachable: DialOutcome = {
    type: 'unreachable', evidence: { peer: target, verdict: 'unreachable' },
  }
  return defer(() => {
    command({ type: 'dialling', scope })
    return connected$
  }).pipe(
    map((peer): DialOutcome => ({ type, peer })),
    catchError(() => of(unreachable)),
    mergeMap((outcome) => {
      command({ type: 'dialled', scope, outcome })
      return EMPTY
    }),
  )
}
