import type { CID } from 'multiformats/cid'
import { Observable, type Observer, takeUntil } from 'rxjs'
import { InvalidBlockError, OverloadedError } from '../errors.ts'
import type { ApplicationEvent } from '../events.ts'
import type { Asking, BlockArrival, WantOptions } from '../exchange.ts'
import { nowOrLater } from '../operators/now-or-later.ts'
import { pullEach } from '../operators/pull-map.ts'
import { MAX_CID_BYTES } from '../options.ts'
import type { BlockLookup, Hashers } from '../ports.ts'
import {
  answer, type AppRequest, begin, type BlockRequest, finish, giveUp, leave,
} from './app-request.ts'
import type { ClientInput, Scope } from './contract.ts'

export interface WantStreamsDeps {
  readonly lookup: Pick<BlockLookup, 'has' | 'get'>
  readonly hashers: Hashers
  readonly command: (input: ClientInput<AppRequest>) => void
  readonly report: (event: ApplicationEvent) => void
  /** Why no peer can be asked now, if so. */
  readonly refusal: (cid: CID) => Error | undefined
  readonly isOver: () => boolean
  readonly stopping$: Observable<unknown>
  readonly maxWaitingCids: number
}

/** The "hash" that is no hash: the block is its own digest. */
const IDENTITY = 0

const DEFAULT_CONCURRENCY = 32

/**
 * Subscribing is wanting, unsubscribing is cancelling: the cold streams in front of the want
 * manager.
 */
export const wantStreams = (deps: WantStreamsDeps) => {
  let subscriptions = 0

  return (scope: Scope, isDiscovering = true): Asking => {
    const requestOf = <K extends AppRequest['kind'], T>(
      kind: K,
      cid: CID,
      { priority = 0, discovery = isDiscovering }: WantOptions,
      sink: Observer<T>,
    ) => {
      const subscription = subscriptions++
      return {
        kind, subscription, cid, scope, priority, discovery, sink,
        over: false, isAsked: false, read: undefined,
      }
    }

    return {
      want: (cid, options = {}) => new Observable((subscriber) => {
        const request = requestOf('block', cid, options, subscriber)
        subscriber.add(() => unsubscribed(deps, request))
        want(deps, request)
      }),
      retrieve: (cids, { concurrency = DEFAULT_CONCURRENCY, ordered = false, ...options } = {}) =>
        pullEach<CID, BlockArrival>(cids, (subscriber) => {
          const open = new Set<BlockRequest>()
          subscriber.add(() => {
            for (const request of open) unsubscribed(deps, request)
          })
          const error = (reason: unknown): void => subscriber.error(reason)
          return (cid, { next, end }) => {
            const complete = (): void => {
              open.delete(request)
              end()
            }
            const request = requestOf('block', cid, options, { next, error, complete })
            open.add(request)
            want(deps, request)
          }
        }, {
          concurrency,
          ordered,
          maxWaiting: deps.maxWaitingCids,
          overflow: () => new OverloadedError('CIDs', deps.maxWaitingCids),
        }).pipe(takeUntil(deps.stopping$)),
      availability: (cid, options = {}) => new Observable((subscriber) => {
        const request = requestOf('presence', cid, options, subscriber)
        subscriber.add(() => unsubscribed(deps, request))
        begin(request, deps.report)
        ask(deps, request)
      }),
    }
  }
}

const unsubscribed = ({ report, command }: WantStreamsDeps, request: AppRequest): void => {
  if (leave(request, report)) command({ type: 'unwant', cid: request.cid, request })
}

/** The local block, or else a want. */
const want = (deps: WantStreamsDeps, request: BlockRequest): void => {
  const { lookup, report } = deps
  const { cid } = request
  begin(request, report)
  if (cid.multihash.code === IDENTITY) {
    answer(request, { cid, bytes: cid.multihash.digest }, report)
    return
  }
  // Absence, the usual case, is cheap to ask for and costly to find by reading.
  const reading = nowOrLater(() => lookup.has(cid), (_isLate, isHere, error) => {
    if (isHere === true) read(deps, request)
    else if (error === undefined) lacking(deps, request)
    else giveUp(request, error as Error, report)
  })
  if (reading !== undefined) request.read = reading
}

const read = (deps: WantStreamsDeps, request: BlockRequest): void => {
  const { lookup, report } = deps
  const { cid } = request
  request.read = nowOrLater(() => lookup.get(cid), (_isLate, bytes, error) => {
    if (bytes !== undefined) answer(request, { cid, bytes }, report)
    else if (error === undefined) lacking(deps, request)
    else giveUp(request, error as Error, report)
  })
}

const lacking = (deps: WantStreamsDeps, request: BlockRequest): void => {
  if (deps.isOver()) finish(request)
  else ask(deps, request)
}

const ask = (deps: WantStreamsDeps, request: AppRequest): void => {
  if (request.over) return
  const { cid } = request
  const refused = invalid(deps, cid) ?? deps.refusal(cid)
  if (refused !== undefined) {
    giveUp(request, refused, deps.report)
    return
  }
  request.isAsked = true
  deps.command({ type: 'want', cid, request })
}

const invalid = ({ hashers }: WantStreamsDeps, cid: CID): Error | undefined => {
  if (cid.byteLength > MAX_CID_BYTES) {
    return new InvalidBlockError(cid, `its CID is longer than ${MAX_CID_BYTES} bytes`)
  }
  const { code } = cid.multihash
  if (hashers(code) === undefined) {
    const name = `hash function 0x${code.toString(16)}`
    return new InvalidBlockError(cid, `its ${name} is not known: add it to \`hashers\``)
  }
  return undefined
}
