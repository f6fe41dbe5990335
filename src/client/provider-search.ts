import type { CID } from 'multiformats/cid'
import {
  catchError, defer, EMPTY, finalize, mergeMap, Observable, Subscription, take, takeUntil,
} from 'rxjs'
import type { ClientDecision } from '../events.ts'
import { multihashKey, type MultihashKey } from '../message/keys.ts'
import { after } from '../operators/after.ts'
import { subscribeWithin } from '../operators/subscribe-within.ts'
import type { Clock, Network, Providers } from '../ports.ts'

export interface ProviderSearchDeps {
  readonly clock: Clock
  readonly providers: Providers
  readonly network: Pick<Network, 'connect'>
}

/** The decisions that begin and end a search. */
export type SearchCause = ClientDecision & { readonly type: 'exhausted' | 'cancel' }

/** Searches at the same time. boxo's provider query manager: 8. */
const MAX_SEARCHES = 8

/** Providers dialled for one want. boxo 10. */
const MAX_PROVIDERS = 10

/** Time for one search, in ms. boxo 10,000. */
const SEARCH_TIMEOUT_MS = 10_000

/**
 * Looks outside Bitswap for wants that no connected peer can serve, and dials whom it finds: the
 * want manager hears of them as of any peer that comes. One search per multihash; it ends with the
 * want, the last dial, or its time.
 *
 * Subscribing runs it. Emits nothing, never errors; completes with `cause$`, which stops every
 * search, as unsubscribing does.
 */
export const providerSearch = (deps: ProviderSearchDeps) =>
  (cause$: Observable<SearchCause>): Observable<never> =>
    new Observable((subscriber) => {
      const searches = searchRegistry(deps)
      subscriber.add(searches.stop)
      subscribeWithin(subscriber, () => cause$, {
        next: ({ type, cid }) => {
          if (type === 'exhausted') searches.start(cid)
          else searches.end(cid)
        },
        complete: () => subscriber.complete(),
      })
    })

const searchRegistry = (deps: ProviderSearchDeps) => {
  const waiting = new Map<MultihashKey, CID>()
  const running = new Map<MultihashKey, Subscription>()

  let advancing = false

  // A search that ends at once comes back here: the loop goes on.
  const advance = (): void => {
    if (advancing) return
    advancing = true
    for (const [key, cid] of waiting) {
      if (running.size >= MAX_SEARCHES) break
      waiting.delete(key)
      run(key, cid)
    }
    advancing = false
  }

  const run = (key: MultihashKey, cid: CID): void => {
    const search = new Subscription()
    running.set(key, search)
    search.add(found(deps, cid).pipe(
      finalize(() => {
        running.delete(key)
        advance()
      }),
    ).subscribe())
  }

  return {
    start: (cid: CID): void => {
      const key = multihashKey(cid)
      if (running.has(key)) return
      waiting.set(key, cid)
      advance()
    },
    end: (cid: CID): void => {
      // Nearly every want ends without a search.
      if (waiting.size === 0 && running.size === 0) return
      const key = multihashKey(cid)
      waiting.delete(key)
      running.get(key)?.unsubscribe()
    },
    stop: (): void => {
      waiting.clear()
      for (const search of running.values()) search.unsubscribe()
    },
  }
}

/** A routing system's or a provider's failure is no failure of the want: others may turn up. */
const found = ({ clock, providers, network }: ProviderSearchDeps, cid: CID): Observable<unknown> =>
  defer(() => providers.findProviders(cid)).pipe(
    take(MAX_PROVIDERS),
    mergeMap((peer) => network.connect(peer).pipe(catchError(() => EMPTY))),
    catchError(() => EMPTY),
    takeUntil(after(clock, SEARCH_TIMEOUT_MS)),
  )
