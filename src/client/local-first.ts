import type { CID } from 'multiformats/cid'
import type { Observable } from 'rxjs'
import { InvalidBlockError } from '../errors.ts'
import type { ApplicationEvent } from '../events.ts'
import { IDENTITY } from '../message/cid-prefix.ts'
import { MIN_DIGEST_BYTES } from '../message/verify.ts'
import { nowOrLater } from '../operators/now-or-later.ts'
import { MAX_CID_BYTES } from '../options.ts'
import type { BlockLookup, Hashers } from '../ports.ts'
import {
  answer, type AppRequest, begin, type BlockRequest, finish, giveUp, leave,
} from './app-request.ts'
import type { ClientInput } from './contract.ts'
import type { LocalBlocks } from './local-blocks.ts'

/** The way of a request: to the local block, or else to the want manager. */
export interface LocalFirst {
  want(request: AppRequest): void
  /** Unsubscribed: cancels, unless the request is over. */
  unwant(request: AppRequest): void
}

export interface LocalFirstDeps {
  readonly lookup: Pick<BlockLookup, 'has' | 'get'>
  readonly hashers: Hashers
  readonly command: (input: ClientInput<AppRequest>) => void
  readonly report: (event: ApplicationEvent) => void
  /** Why no peer can be asked now, if so. */
  readonly refusal: (cid: CID) => Error | undefined
  readonly stopping$: Observable<unknown>
  readonly local: Pick<LocalBlocks, 'notices' | 'noticedLately' | 'notice'>
}

export const localFirst = (deps: LocalFirstDeps): LocalFirst => {
  const { lookup, hashers, command, report, local, stopping$ } = deps

  /**
   * Asks the store, whose answer is waited for until the request is left or the node stops, and
   * peers for what is not there.
   */
  const look = (request: BlockRequest, question: 'has' | 'get'): void => {
    const { notices } = local
    const reading = nowOrLater<CID, boolean | Uint8Array | undefined>(
      request.cid,
      lookup[question],
      (cid, _isLate, value, error) => {
        if (error !== undefined) giveUp(request, error as Error, report)
        else if (value === true) look(request, 'get')
        else if (value) answer(request, value, undefined, report)
        else {
          ask(request)
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

  const ask = (request: AppRequest): void => {
    if (request.over) return
    const { cid } = request
    const refused = invalid(cid, hashers) ?? deps.refusal(cid)
    if (refused !== undefined) {
      giveUp(request, refused, report)
      return
    }
    request.isAsked = true
    command({ type: 'want', cid, request })
  }

  return {
    want: (request) => {
      const { cid: { multihash: { code, digest } } } = request
      begin(request, report)
      if (request.kind === 'presence') ask(request)
      else if (code === IDENTITY) answer(request, digest, undefined, report)
      else if (request.absent && !local.noticedLately) ask(request)
      // Absence, the usual case, is cheap to ask for and costly to find by reading.
      else look(request, 'has')
    },
    unwant: (request) => {
      if (leave(request, report)) command({ type: 'unwant', cid: request.cid, request })
    },
  }
}

const invalid = (cid: CID, hashers: Hashers): Error | undefined => {
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
