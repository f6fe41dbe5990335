import { CID } from 'multiformats/cid'
import { Observable, type Observer, takeUntil } from 'rxjs'
import { OverloadedError } from '../errors.ts'
import type { Asking, BlockArrival, FetchOptions } from '../exchange.ts'
import { pullEach } from '../operators/pull-map.ts'
import type { AppRequest, BlockRequest } from './app-request.ts'
import type { Scope } from './contract.ts'
import { localFirst, type LocalFirstDeps } from './local-first.ts'

export interface WantStreamsDeps extends LocalFirstDeps {
  readonly maxWaitingCids: number
}

const DEFAULT_CONCURRENCY = 32

/**
 * Subscribing is wanting, unsubscribing is cancelling: the cold streams in front of the want
 * manager.
 */
export const wantStreams = (deps: WantStreamsDeps) => {
  const { want, unwant } = localFirst(deps)
  let subscriptions = 0

  return (scope: Scope, isDiscovering = true): Asking => {
    const requestOf = <K extends AppRequest['kind'], T>(
      kind: K,
      cid: CID,
      { priority = 0, discovery = isDiscovering, absent = false }: FetchOptions,
      sink: Observer<T>,
    ) => {
      if (CID.asCID(cid) === null) throw new TypeError(`Not a CID: ${cid}`)
      return {
        kind, subscription: subscriptions++, cid, scope, priority, discovery, sink, absent,
        over: false, isAsked: false, read: undefined,
      }
    }

    return {
      want: (cid, options = {}) => new Observable((subscriber) => {
        const request = requestOf('block', cid, options, subscriber)
        subscriber.add(() => unwant(request))
        want(request)
      }),
      retrieve: (cids, { concurrency = DEFAULT_CONCURRENCY, ordered = false, ...options } = {}) =>
        pullEach<CID, BlockArrival>(cids, (subscriber) => {
          const open = new Set<BlockRequest>()
          subscriber.add(() => {
            for (const request of open) unwant(request)
          })
          const error = (reason: unknown): void => subscriber.error(reason)
          return (cid, { next, end }) => {
            const complete = (): void => {
              open.delete(request)
              end()
            }
            const request = requestOf('block', cid, options, { next, error, complete })
            open.add(request)
            want(request)
          }
        }, {
          concurrency,
          ordered,
          maxWaiting: deps.maxWaitingCids,
          overflow: () => new OverloadedError('CIDs', deps.maxWaitingCids),
        }).pipe(takeUntil(deps.stopping$)),
      availability: (cid, options = {}) => new Observable((subscriber) => {
        const request = requestOf('presence', cid, options, subscriber)
        subscriber.add(() => unwant(request))
        want(request)
      }),
    }
  }
}
