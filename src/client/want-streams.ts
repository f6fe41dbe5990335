import type { CID } from 'multiformats/cid'
import { mergeMap, Observable, of } from 'rxjs'
import { InvalidBlockError, OverloadedError } from '../errors.ts'
import type { ApplicationEvent, AskingMember } from '../events.ts'
import type { Asking, BlockArrival, WantOptions } from '../exchange.ts'
import { pullMap } from '../operators/pull-map.ts'
import { MAX_CID_BYTES } from '../options.ts'
import type { BlockLookup, Hashers } from '../ports.ts'
import { answer, type AppRequest, type BlockRequest, finish, giveUp } from './app-request.ts'
import type { ClientInput, Scope } from './contract.ts'

export interface WantStreamsDeps {
  readonly lookup: Pick<BlockLookup, 'has' | 'get'>
  readonly hashers: Hashers
  readonly command: (input: ClientInput<AppRequest>) => void
  readonly report: (event: ApplicationEvent) => void
  /** Why no peer can be asked now, if so. */
  readonly refusal: (cid: CID) => Error | undefined
  readonly isOver: () => boolean
  readonly maxWaitingCids: number
}

/** The "hash" that is no hash: the block is its own digest. */
const IDENTITY = 0

const DEFAULT_CONCURRENCY = 32

const ABSENT = of(undefined)

/**
 * Subscribing is wanting, unsubscribing is cancelling: the cold streams in front of the want
 * manager.
 */
export const wantStreams = (deps: WantStreamsDeps) => {
  let subscriptions = 0

  return (scope: Scope, defaults: WantOptions = {}): Asking => {
    const asked = (options: WantOptions) => ({
      subscription: subscriptions++,
      scope,
      priority: options.priority ?? 0,
      discovery: options.discovery ?? defaults.discovery ?? true,
      over: false,
    })
    const want = (cid: CID, options: WantOptions = {}): Observable<BlockArrival> =>
      new Observable((subscriber) => {
        const request = { kind: 'block', cid, subscriber, ...asked(options) } as const
        begin(deps, request)
        lookUp(deps, request)
      })
    return {
      want,
      retrieve: (cids, { concurrency = DEFAULT_CONCURRENCY, ordered = false, ...options } = {}) =>
        pullMap(cids, (cid) => want(cid, options), {
          concurrency,
          ordered,
          maxWaiting: deps.maxWaitingCids,
          overflow: () => new OverloadedError('CIDs', deps.maxWaitingCids),
        }),
      availability: (cid, options = {}) =>
        new Observable((subscriber) => {
          const request = { kind: 'presence', cid, subscriber, ...asked(options) } as const
          begin(deps, request)
          ask(deps, request)
        }),
    }
  }
}

/** The diary tells of both ends of a subscription. */
const begin = ({ report }: WantStreamsDeps, request: AppRequest): void => {
  const { subscription, cid, priority, discovery, scope, subscriber } = request
  const member: AskingMember = request.kind === 'block' ? 'want' : 'availability'
  const { members: peers } = scope
  report({ type: 'subscribed', subscription, cid, member, priority, discovery, peers })
  subscriber.add(() => {
    if (!request.over) report({ type: 'unsubscribed', subscription, cid, member })
  })
}

/** The local block, or else a want. */
const lookUp = (deps: WantStreamsDeps, request: BlockRequest): void => {
  const { cid, subscriber } = request
  if (cid.multihash.code === IDENTITY) {
    answer(request, { cid, bytes: cid.multihash.digest }, deps.report)
    return
  }
  // Absence, the usual case, is cheap to ask for and costly to find by reading.
  const local$ = deps.lookup.has(cid).pipe(
    mergeMap((isHere) => isHere ? deps.lookup.get(cid) : ABSENT),
  )
  subscriber.add(local$.subscribe({
    next: (bytes) => {
      if (bytes !== undefined) answer(request, { cid, bytes }, deps.report)
      else if (deps.isOver()) finish(request)
      else ask(deps, request)
    },
    error: (error: unknown) => {
      giveUp(request, error as Error, deps.report)
    },
  }))
}

const ask = (deps: WantStreamsDeps, request: AppRequest): void => {
  const { cid, subscriber } = request
  const refused = invalid(deps, cid) ?? deps.refusal(cid)
  if (refused !== undefined) {
    giveUp(request, refused, deps.report)
    return
  }
  subscriber.add(() => {
    if (!request.over) deps.command({ type: 'unwant', cid, request })
  })
  deps.command({ type: 'want', cid, request })
}

const invalid = ({ hashers }: WantStreamsDeps, cid: CID): Error | undefined => {
  if (cid.byteLength > MAX_CID_BYTES) {
    return new InvalidBlockError(cid, `its CID is longer than ${MAX_CID_BYTES} bytes`)
  }
  const { code } = cid.multihash
  if (hashers(code) === undefined) {
    const name = `hash function 0x${code.toString(16)}`
    return new InvalidBlockError(
      cid,
      `its ${name} is not known, so that its bytes could not be verified`,
    )
  }
  return undefined
}
