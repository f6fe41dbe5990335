import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { AsyncSubject, catchError, defer, EMPTY, ignoreElements, merge, type Observable, takeUntil, tap } from 'rxjs'
import type { Asking, Session, SessionOptions, WantOptions } from '../exchange.ts'
import { pullMap } from '../operators/pull-map.ts'
import type { Clock, Network } from '../ports.ts'
import type { ClientInput, Request, Scope } from './contract.ts'
import { redial } from './redial.ts'

/** All connected peers, none before the others. */
export const everyone = (): Scope => ({
  members: 'everyone', preferred: new Set(), dialling: 0, unreachable: [],
})

export interface SessionDeps<R extends Request> {
  readonly clock: Clock
  readonly network: Pick<Network, 'connect' | 'peer$'>
  readonly command: (input: ClientInput<R>) => void
  readonly asking: (scope: Scope, defaults: WantOptions) => Asking
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
  const closed$ = new AsyncSubject<void>()
  merge(
    dialAll(deps, scope, 'member', peers ?? []),
    dialAll(deps, scope, 'preferred', providers ?? []),
    // Without peers of its own it listens to nothing, so that it may be dropped without a close.
    peers === undefined ? EMPTY : redial(deps, scope),
  ).pipe(takeUntil(closed$)).subscribe()
  const defaults: WantOptions = discovery === undefined ? {} : { discovery }
  const { want, retrieve, availability } = deps.asking(scope, defaults)
  const close = (): void => {
    closed$.next()
    closed$.complete()
  }
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
  type: 'member' | 'preferred',
  targets: NonNullable<SessionOptions['providers']>,
): Observable<never> =>
  pullMap(targets, (target) => dial(deps, scope, type, target), {
    concurrency: MAX_DIALS,
    maxWaiting: MAX_WAITING_PROVIDERS,
    overflow: () => new RangeError('more providers than can be dialled'),
  }).pipe(catchError(() => EMPTY))

const dial = <R extends Request>(
  { network, command }: SessionDeps<R>,
  scope: Scope,
  type: 'member' | 'preferred',
  target: PeerId | Multiaddr,
): Observable<never> =>
  defer(() => {
    command({ type: 'dialling', scope })
    return network.connect(target)
  }).pipe(
    tap((peer) => {
      command({ type: 'dialled', scope, outcome: { type, peer } })
    }),
    catchError(() => {
      const evidence = { peer: target, verdict: 'unreachable' } as const
      command({ type: 'dialled', scope, outcome: { type: 'unreachable', evidence } })
      return EMPTY
    }),
    ignoreElements(),
  )
