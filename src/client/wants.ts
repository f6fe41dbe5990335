import type { CID } from 'multiformats/cid'
import type { CancelCause } from '../events.ts'
import { type MultihashKey, multihashKey } from '../message/keys.ts'
import type { Clock } from '../ports.ts'
import { wirePriority } from '../wantlist/priority.ts'
import type { Arrivals } from './arrivals.ts'
import type { Asks } from './asks.ts'
import type { Request } from './contract.ts'
import type { Line } from './line.ts'
import type { Outbox } from './outbox.ts'
import { includes } from './scope.ts'
import type { Storing } from './storing.ts'
import { newWant, type Want } from './want.ts'

/** The wantlist: one want per multihash, however many requests there are for it. */
export interface Wants<R extends Request> {
  readonly open: ReadonlyMap<MultihashKey, Want<R>>
  /** Wants with presence requests. */
  readonly presence: ReadonlySet<Want<R>>
  /** Wants that have, or had, one that ends once everybody has answered. */
  readonly ending: ReadonlySet<Want<R>>
  add(cid: CID, request: R): void
  remove(cid: CID, request: R): void
  /** Ends some of a want's requests, and the want with the last one. */
  end(want: Want<R>, requests: readonly R[], cause: CancelCause): void
  /** Ends every request, too. */
  endAll(cause: CancelCause): void
  /** Says that the wantlist changed, if it did since the last time. */
  announce(): void
}

export interface WantsDeps<R extends Request> {
  readonly clock: Pick<Clock, 'now'>
  readonly outbox: Outbox<R>
  readonly asks: Asks<R>
  readonly line: Line<R>
  readonly arrivals: Arrivals<R>
  readonly storing: Storing<R>
}

export const wants = <R extends Request>(deps: WantsDeps<R>): Wants<R> => {
  const { clock, outbox, asks, line, arrivals, storing } = deps
  const open = new Map<MultihashKey, Want<R>>()
  const presence = new Set<Want<R>>()
  const ending = new Set<Want<R>>()
  let count = 0
  let changed = true

  const create = (key: MultihashKey, cid: CID, request: R): Want<R> => {
    const want = newWant(key, cid, request, clock.now())
    changed = true
    open.set(key, want)
    arrivals.expect(want, 1)
    outbox.say({ type: 'want', cid })
    return want
  }

  const close = (want: Want<R>, cause: CancelCause): void => {
    changed = true
    open.delete(want.key)
    presence.delete(want)
    ending.delete(want)
    line.leave(want)
    asks.cancel(want)
    arrivals.expect(want, -1)
    outbox.say({ type: 'cancel', cid: want.cid, cause })
  }

  const seek = (want: Want<R>, request: R): void => {
    if (request.kind === 'block') {
      changed ||= want.kind !== 'block'
      want.kind = 'block'
      if (want.state !== 'active') line.stand(want, request.scope)
      return
    }
    presence.add(want)
    if (!request.discovery) ending.add(want)
    asks.tellAll(want)
    for (const { peer: { key, peer }, answer } of want.asked ?? []) {
      if (!includes(request.scope, key) || (answer !== 'have' && answer !== 'dont-have')) continue
      const availability = { cid: want.cid, peer, presence: answer }
      outbox.say({ type: 'presence', requests: [request], availability })
    }
  }

  const end = (want: Want<R>, requests: readonly R[], cause: CancelCause): void => {
    if (requests.length === want.requests.length) {
      close(want, cause)
      return
    }
    for (const request of requests) want.requests.splice(want.requests.indexOf(request), 1)
    if (want.requests.every(({ kind }) => kind === 'presence')) {
      want.kind = 'presence'
      changed = true
      line.leave(want)
      asks.tellAll(want)
    } else if (want.requests.every(({ kind }) => kind === 'block')) presence.delete(want)
  }

  return {
    open,
    presence,
    ending,
    add: (cid, request) => {
      const key = multihashKey(cid)
      if (request.kind === 'block' && storing.join(key, request)) return
      let want = open.get(key)
      if (want === undefined) want = create(key, cid, request)
      else want.requests.push(request)
      want.priority = Math.max(want.priority, wirePriority(request.priority, count++))
      seek(want, request)
    },
    remove: (cid, request) => {
      const key = multihashKey(cid)
      const want = open.get(key)
      storing.leave(key, request)
      if (want?.requests.includes(request) === true) end(want, [request], 'unsubscribed')
    },
    end,
    endAll: (cause) => {
      for (const want of open.values()) {
        close(want, cause)
        for (const request of want.requests) outbox.say({ type: 'answered', request })
      }
      storing.abandon()
    },
    announce: () => {
      if (changed) outbox.say({ type: 'wantlist', wants: open })
      changed = false
    },
  }
}
