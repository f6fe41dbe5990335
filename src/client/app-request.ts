import type { CID } from 'multiformats/cid'
import type { Subscriber } from 'rxjs'
import type { ApplicationEvent } from '../events.ts'
import type { Availability, BlockArrival } from '../exchange.ts'
import type { Request } from './contract.ts'

/** What the application subscribed to, and where the answer goes. */
export type AppRequest = BlockRequest | PresenceRequest

export interface BlockRequest extends Request {
  readonly kind: 'block'
  /** Counts the requests of a node. */
  readonly subscription: number
  /** As the application wrote it: others may name the same multihash otherwise. */
  readonly cid: CID
  readonly subscriber: Subscriber<BlockArrival>
  /** Answered, or given up: leaving it cancels nothing. */
  over: boolean
}

export interface PresenceRequest extends Request {
  readonly kind: 'presence'
  readonly subscription: number
  readonly cid: CID
  readonly subscriber: Subscriber<Availability>
  over: boolean
}

type Report = (event: ApplicationEvent) => void

/** Hands the block over and ends the request. */
export const answer = (request: BlockRequest, arrival: BlockArrival, report: Report): void => {
  const { bytes, from } = arrival
  const { subscription, cid, subscriber } = request
  request.over = true
  const { byteLength } = bytes
  report({ type: 'delivered', subscription, cid, byteLength, ...(from !== undefined && { from }) })
  subscriber.next(arrival)
  subscriber.complete()
}

/** Every peer has answered. */
export const finish = (request: AppRequest): void => {
  request.over = true
  request.subscriber.complete()
}

export const giveUp = (request: AppRequest, error: Error, report: Report): void => {
  const { subscription, cid, subscriber } = request
  request.over = true
  report({ type: 'gave-up', subscription, cid, error })
  subscriber.error(error)
}
