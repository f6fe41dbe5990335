import { CID } from 'multiformats/cid'
import { Observable, type Observer, takeUntil } from 'rxjs'
import { InvalidBlockError, OverloadedError } from '../errors.ts'
import type { ApplicationEvent } from '../events.ts'
import type { Asking, BlockArrival, WantOptions } from '../exchange.ts'
import { IDENTITY } from '../message/cid-prefix.ts'
import { MIN_DIGEST_BYTES } from '../message/verify.ts'
import { nowOrLater } from '../operators/now-or-later.ts'
import { pullEach } from '../operators/pull-map.ts'
import { MAX_CID_BYTES } from '../options.ts'
import type { BlockLookup, Hashers } from '../ports.ts'
import {
  answer, type AppRequest, begin, type BlockRequest, finish, giveUp, leave,
} from './app-request.ts'
import type { ClientInput, Scope } from './contract.ts'
import type { LocalBlocks } from './local-blocks.ts'

export interface WantStreamsDeps {
  readonly lookup: Pick<BlockLookup, 'has' | 'get'>
  readonly hashers: Hashers
  readonly command: (input: ClientInput<AppRequest>) => void
  readonly report: (event: ApplicationEvent) => void
  /** Why no peer can be asked now, if so. */
  readonly refusal: (cid: CID) => Error | undefined
  readonly stopping$: Observable<unknown>
  readonly local: Pick<LocalBlocks, 'notices' | 'notice'>
  readonly maxWaitingCids: number
}

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
      if (CID.asCID(cid) === null) throw new TypeError(`Not a CID: ${cid}`)
      return {
        kind, subscription: subscriptions++, cid, scope, priority, discovery, sink,
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
  const { cid: { multihash: { code, digest } } } = request
  begin(request, deps.report)
  if (code === IDENTITY) answer(request, digest, undefined, deps.report)
  // Absence, the usual case, is cheap to ask for and costly to find by reading.
  else look(deps, request, 'has')
}

/**
 * Asks the store, whose answer is waited for until the request is left or the node stops, and peers
 * for what is not there.
 */
const look = (deps: WantStreamsDeps, request: BlockRequest, question: 'has' | 'get'): void => {
  const { lookup, local, report, stopping$ } = deps
  const { cid } = request
  const { notices } = local
  const reading = nowOrLater<boolean | Uint8Array | undefined>(
    () => lookup[question](cid),
    (_isLate, value, error) => {
      if (error !== undefined) giveUp(request, error as Error, report)
      else if (value === true) look(deps, request, 'get')
      else if (value) answer(request, value, undefined, report)
      else {
        ask(deps, request)
        if (local.notices !== notices) local.notice(cid)
      }
    },
  )
  if (reading === undefined) return
  request.read = reading
  reading.add(stopping$.subscribe(() => {
    reading.unsubscribe()
    finish(request)
  }))
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
  const { code, size } = cid.multihash
  if (code === IDENTITY || size < MIN_DIGEST_BYTES) {
    return new InvalidBlockError(cid, `it has no digest of ${MIN_DIGEST_BYTES} bytes or more`)
  }
  if (hashers(code) !== undefined) return undefined
  return new InvalidBlockError(
    cid, `add its hash function 0x${code.toString(16)} to \`hashers\``,
  )
}
