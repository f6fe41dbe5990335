import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import type { Observer, Subscription } from 'rxjs'
import type { ApplicationEvent, AskingMember } from '../events.ts'
import type { Availability, BlockArrival } from '../exchange.ts'
import type { Request } from './contract.ts'

/** What the application subscribed to, and where the answer goes. */
export type AppRequest = BlockRequest | PresenceRequest

export interface BlockRequest extends Application<BlockArrival> {
  readonly kind: 'block'
}

export interface PresenceRequest extends Application<Availability> {
  readonly kind: 'presence'
}

interface Application<T> extends Request {
  /** Counts the requests of a node. */
  readonly subscription: number
  /** As the application wrote it: others may name the same multihash otherwise. */
  readonly cid: CID
  readonly sink: Observer<T>
  /** Who asks has looked into our own store, in vain. */
  readonly absent: boolean
  /** Answered, given up or left: leaving it cancels nothing. */
  over: boolean
  /** The want manager knows of it. */
  isAsked: boolean
  /** The look into our own store, while it lasts. */
  read: Subscription | undefined
}

type Report = (event: ApplicationEvent) => void

/** The diary tells of both ends of a subscription. */
export const begin = (request: AppRequest, report: Report): void => {
  const { subscription, cid, priority, discovery, scope: { members: peers } } = request
  const member = memberOf(request)
  report({ type: 'subscribed', subscription, cid, member, priority, discovery, peers })
}

/** Hands the block over and ends the request. `from` nobody: it was in our own store. */
export const answer = (
  request: BlockRequest,
  bytes: Uint8Array,
  from: PeerId | undefined,
  report: Report,
): void => {
  const { subscription, cid, sink } = request
  const origin = from && { from }
  request.over = true
  report({ type: 'delivered', subscription, cid, byteLength: bytes.byteLength, ...origin })
  sink.next({ cid, bytes, ...origin })
  sink.complete()
}

/** Every peer has answered. */
export const finish = (request: AppRequest): void => {
  request.over = true
  request.sink.complete()
}

export const giveUp = (request: AppRequest, error: Error, report: Report): void => {
  const { subscription, cid, sink } = request
  request.over = true
  report({ type: 'gave-up', subscription, cid, error })
  sink.error(error)
}

/** Unsubscribed, unless it is over; true if the want manager is to know. */
export const leave = (request: AppRequest, report: Report): boolean => {
  if (request.over) return false
  request.over = true
  request.read?.unsubscribe()
  const { subscription, cid, isAsked } = request
  report({ type: 'unsubscribed', subscription, cid, member: memberOf(request) })
  return isAsked
}

const memberOf = ({ kind }: AppRequest): AskingMember => kind === 'block' ? 'want' : 'availability'
