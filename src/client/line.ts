import { type Evidence, NotFoundError } from '../errors.ts'
import type { MoveReason } from '../events.ts'
import type { ClientOptions } from '../options.ts'
import type { Clock } from '../ports.ts'
import { type PriorityQueue, priorityQueue } from '../wantlist/priority-queue.ts'
import type { Asks } from './asks.ts'
import type { Request, Scope } from './contract.ts'
import { patienceEnds } from './patience.ts'
import type { Outbox } from './outbox.ts'
import type { PeerChoice } from './peer-choice.ts'
import type { PeerWants, Want } from './want.ts'
import { settle } from './want.ts'

/**
 * The way of a want from the line to a peer: it waits for one with room, is active there, moves on,
 * and is parked when nobody is left to ask.
 */
export interface Line<R extends Request> {
  /** The want has one more subscriber, of this scope, and perhaps a higher priority. */
  stand(want: Want<R>, scope: Scope): void
  /** It has other chances than before: it stands for each of its subscribers. */
  join(want: Want<R>): void
  /** Its target did not have it. */
  moveOn(want: Want<R>, reason: MoveReason): void
  /** It is over: the target's room is free again. */
  leave(want: Want<R>): void
  /** Gives waiting wants to peers with room, a scope at a time in turn. */
  advance(): void
  readonly active: ReadonlySet<Want<R>>
  readonly parked: ReadonlySet<Want<R>>
}

export interface LineDeps<R extends Request> {
  readonly clock: Pick<Clock, 'now'>
  readonly options: ClientOptions
  readonly outbox: Outbox<R>
  readonly asks: Asks<R>
  readonly choose: PeerChoice<R>
  /** Gives up some of a want's requests. */
  readonly fail: (want: Want<R>, requests: readonly R[], error: Error) => void
  /** Called when a want has to wait until this time, in clock ms, before it may give up. */
  readonly waitUntil: (time: number) => void
}

/** Wants passed over because their peers are busy, before the line is left as it is. */
const MAX_PASSED_OVER = 8

/** A want's place in line: by its priority, in which the order of asking is, too. */
interface Turn<R extends Request> {
  readonly want: Want<R>
  readonly priority: number
}

/** One scope's part in handing out places. */
interface Round<R extends Request> {
  readonly scope: Scope
  readonly turns: PriorityQueue<Turn<R>>
  /** Once each, whatever the number of their turns. */
  readonly passedOver: Set<Want<R>>
}

export const line = <R extends Request>(deps: LineDeps<R>): Line<R> => {
  const { options, outbox, asks, choose } = deps
  const lines = new Map<Scope, PriorityQueue<Turn<R>>>()
  const parked = new Set<Want<R>>()
  const active = new Set<Want<R>>()

  const stand = (want: Want<R>, scope: Scope): void => {
    want.state = 'waiting'
    parked.delete(want)
    const turns = lines.get(scope) ?? priorityQueue<Turn<R>>(
      (one, other) => one.priority > other.priority,
      (turn) => turn.want.state === 'waiting',
    )
    lines.set(scope, turns)
    turns.push({ want, priority: want.priority })
  }

  const join = (want: Want<R>): void => {
    for (const { kind, scope } of want.requests) if (kind === 'block') stand(want, scope)
  }

  const release = (want: Want<R>): void => {
    if (want.state !== 'active') return
    active.delete(want)
    settle(want.target!.asks.get(want.key))
    want.target = undefined
  }

  const activate = (want: Want<R>, peer: PeerWants<R>): void => {
    const reason = peer.asks.get(want.key)?.answer === 'have' ? 'has-it' : 'might-have-it'
    want.state = 'active'
    want.target = peer
    active.add(want)
    outbox.say({ type: 'peer-chosen', cid: want.cid, peer: peer.peer, reason })
    asks.ask(want, peer, 'want-block', true)
    asks.tellOthers(want)
  }

  const park = (want: Want<R>): void => {
    want.state = 'parked'
    parked.add(want)
    const patience = patienceEnds(want, options)
    const isPatient = patience > deps.clock.now()
    if (isPatient) deps.waitUntil(patience)
    const { cid, requests } = want
    const hopeless = requests.filter(({ kind, discovery, scope }) =>
      kind === 'block' && !discovery && scope.dialling === 0 && !isPatient)
    const isHopeful = requests.some(({ kind, discovery }) => kind === 'block' && discovery)
    if (isHopeful) outbox.say({ type: 'exhausted', cid })
    if (hopeless.length > 0) deps.fail(want, hopeless, new NotFoundError(cid, evidenceOf(want)))
  }

  /** False if this scope has had its turns. */
  const step = ({ scope, turns, passedOver }: Round<R>): boolean => {
    if (active.size >= options.maxActiveWants || passedOver.size >= MAX_PASSED_OVER) return false
    const want = turns.pop()?.want
    if (want === undefined) {
      lines.delete(scope)
      return false
    }
    const choice = choose(want)
    if (choice === 'busy') passedOver.add(want)
    else if (choice === 'nobody') park(want)
    else activate(want, choice)
    return true
  }

  return {
    active,
    parked,
    stand,
    join,
    moveOn: (want, reason) => {
      const { target } = want
      if (target === undefined) return
      outbox.say({ type: 'peer-left', cid: want.cid, peer: target.peer, reason })
      release(want)
      want.moves += 1
      join(want)
    },
    leave: (want) => {
      release(want)
      parked.delete(want)
      if (want.state === 'waiting') {
        for (const { kind, scope } of want.requests) if (kind === 'block') lines.get(scope)?.left()
      }
      want.state = 'over'
    },
    advance: () => {
      const all = Array.from(lines, ([scope, turns]): Round<R> =>
        ({ scope, turns, passedOver: new Set() }))
      const left = new Set(all)
      while (left.size > 0) for (const round of left) if (!step(round)) left.delete(round)
      for (const { scope, passedOver } of all) {
        // A turn in another line may have come since.
        for (const want of passedOver) if (want.state === 'waiting') stand(want, scope)
      }
      rotate(lines)
    },
  }
}

/** The next advance begins with another scope, so that none takes every free place. */
const rotate = <K, V>(map: Map<K, V>): void => {
  for (const [key, value] of map) {
    map.delete(key)
    map.set(key, value)
    return
  }
}

/** The latest that is known of each peer: whoever was asked has been reached. */
const evidenceOf = <R extends Request>({ asked, requests }: Want<R>): Evidence[] => {
  const evidence = new Map(requests.flatMap(({ scope }) => [...scope.unreachable]))
  for (const { peer: { peer, key }, answer } of asked ?? []) {
    evidence.set(key, { peer, verdict: answer === 'dont-have' ? answer : 'timed-out' })
  }
  return [...evidence.values()]
}
