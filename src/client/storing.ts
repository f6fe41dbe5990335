import { Subscription } from 'rxjs'
import { StoreError } from '../errors.ts'
import type { FetchedBlock } from '../message/fetched-block.ts'
import type { MultihashKey } from '../message/keys.ts'
import type { Block } from '../message/message.ts'
import { nowOrLater, type Settle } from '../operators/now-or-later.ts'
import type { ClientOptions } from '../options.ts'
import type { BlockLookup, Clock, NowOrLater } from '../ports.ts'
import type { Request } from './contract.ts'
import type { Outbox } from './outbox.ts'
import type { PeerWants } from './want.ts'

/** Verified blocks on their way to the store; delivered once they are there. */
export interface Storing<R extends Request> {
  /** True if the block is being stored: the request gets it, too. */
  join(key: MultihashKey, request: R): boolean
  leave(key: MultihashKey, request: R): void
  store(arrival: StoringArrival<R>): void
  /** Says what was stored since the last time: the blocks of one message together. */
  announce(): void
  /** Ends every request; what is being stored still is. */
  abandon(): void
  stop(): void
}

export interface StoringArrival<R extends Request> {
  readonly key: MultihashKey
  readonly block: Block
  readonly from: PeerWants<R>
  readonly since: number
  readonly requests: R[]
}

export interface StoringDeps<R extends Request> {
  readonly clock: Pick<Clock, 'now'>
  readonly options: ClientOptions
  readonly store: Pick<BlockLookup, 'put'>
  readonly outbox: Outbox<R>
  readonly enter: (task: () => void) => void
}

export const storing = <R extends Request>(deps: StoringDeps<R>): Storing<R> => {
  const { clock, options, outbox } = deps
  const arrivals = new Map<MultihashKey, StoringArrival<R>>()
  const puts = new Subscription()
  let stored: FetchedBlock[] = []

  const pace = (peer: PeerWants<R>, byteLength: number): void => {
    peer.unstoredBytes += byteLength
    const { maxUnstoredBytesPerPeer: limit } = options
    const paused = peer.unstoredBytes > (peer.paused ? limit / 2 : limit)
    if (paused === peer.paused) return
    peer.paused = paused
    outbox.say({ type: 'reading', peer: peer.peer, paused })
  }

  const finish = (arrival: StoringArrival<R>, error?: unknown): void => {
    const { key, block, from, since, requests } = arrival
    const { cid, bytes } = block
    if (error === undefined) {
      outbox.say({ type: 'block', cid, bytes, from: from.peer, waitedMs: clock.now() - since })
      outbox.say({ type: 'deliver', requests, block, from: from.peer })
      stored.push({ key, byteLength: bytes.byteLength, from: from.peer })
    } else {
      const failure = error instanceof StoreError ? error : new StoreError('write', cid, error)
      outbox.say({ type: 'store-failed', cid, error: failure })
      outbox.say({ type: 'fail', requests, error: failure })
    }
  }

  const put = ({ block: { cid, bytes } }: StoringArrival<R>): NowOrLater<void> =>
    deps.store.put(cid, bytes)

  const settle: Settle<StoringArrival<R>, void> = (arrival, isLate, _stored, error) => {
    if (isLate) {
      arrivals.delete(arrival.key)
      pace(arrival.from, -arrival.block.bytes.byteLength)
    }
    finish(arrival, error)
  }

  return {
    join: (key, request) => {
      const arrival = arrivals.get(key)
      arrival?.requests.push(request)
      return arrival !== undefined
    },
    leave: (key, request) => {
      const requests = arrivals.get(key)?.requests
      const place = requests?.indexOf(request) ?? -1
      if (place !== -1) requests?.splice(place, 1)
    },
    store: (arrival) => {
      const putting = nowOrLater(arrival, put, settle, deps.enter)
      if (putting === undefined) return
      puts.add(putting)
      arrivals.set(arrival.key, arrival)
      pace(arrival.from, arrival.block.bytes.byteLength)
    },
    announce: () => {
      if (stored.length === 0) return
      outbox.say({ type: 'stored', blocks: stored })
      stored = []
    },
    abandon: () => {
      for (const { requests } of arrivals.values()) {
        for (const request of requests.splice(0)) outbox.say({ type: 'answered', request })
      }
    },
    stop: () => {
      puts.unsubscribe()
    },
  }
}
