import type { Evidence } from '../errors.ts'
import { NotFoundError } from '../errors.ts'
import type { MoveReason } from '../events.ts'
import type { ClientOptions } from '../options.ts'
import type { Clock } from '../ports.ts'
import type { Asks } from './asks.ts'
import type { Request, Scope } from './contract.ts'
import { patienceEnds } from './patience.ts'
import type { Outbox } from './outbox.ts'
import type { PeerChoice } from './peer-choice.ts'
import type { PeerWants, Want } from './want.ts'
import { settle } from './want.ts'
import type { Waiting } from './waiting.ts'
import { waiting } from './waiting.ts'

/**
 * The way of a want from the line to a peer: it waits for one with room, is active there, moves on,
 * and is parked when nobody is left to ask.
 */
export interface Line<R extends Request> {
  /** A new want, at the end of its priority. */
  join(want: Want<R>): void
  /** A want whose chances changed, back at the front. */
  rejoin(want: Want<R>): void
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

export const line = <R extends Request>(deps: LineDeps<R>): Line<R> => {
  const { options, outbox, asks, choose } = deps
  const lines = new Map<Scope, Waiting<Want<R>>>()
  const parked = new Set<Want<R>>()
  const active = new Set<Want<R>>()

  const enter = (want: Want<R>, how: 'push' | 'pushFront'): void => {
    want.state = 'waiting'
    parked.delete(want)
    for (const scope of scopesOf(want)) {
      let scopeLine = lines.get(scope)
      if (scopeLine === undefined) {
        scopeLine = waiting(({ state }) => state === 'waiting')
        lines.set(scope, scopeLine)
      }
      scopeLine[how](want, priorityOf(want))
    }
  }

  const release = (want: Want<R>): void => {
    if (want.state !== 'active') return
    active.delete(want)
    const asked = want.target === undefined ? undefined : want.asked?.get(want.target.key)
    if (asked !== undefined) settle(asked)
    want.target = undefined
  }

  const activate = (want: Want<R>, peer: PeerWants<R>): void => {
    const reason = want.asked?.get(peer.key)?.answer === 'have' ? 'has-it' : 'might-have-it'
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
    const ofBlock = want.requests.filter(({ kind }) => kind === 'block')
    const hopeless = ofBlock.filter(({ discovery, scope }) =>
      !discovery && scope.dialling === 0 && !isPatient)
    if (ofBlock.some(({ discovery }) => discovery)) outbox.say({ type: 'exhausted', cid: want.cid })
    if (hopeless.length === 0) return
    deps.fail(want, hopeless, new NotFoundError(want.cid, evidenceOf(want)))
  }

  /** True if the next of this line got its turn; those passed over are collected. */
  const step = (scopeLine: Waiting<Want<R>>, passedOver: Set<Want<R>>): boolean => {
    const want = scopeLine.shift()
    if (want === undefined) return false
    const choice = choose(want)
    if (choice === 'busy') passedOver.add(want)
    else if (choice === 'nobody') park(want)
    else activate(want, choice)
    return true
  }

  return {
    active,
    parked,
    join: (want) => {
      enter(want, 'push')
    },
    rejoin: (want) => {
      enter(want, 'pushFront')
    },
    moveOn: (want, reason) => {
      const { target } = want
      if (target === undefined) return
      outbox.say({ type: 'peer-left', cid: want.cid, peer: target.peer, reason })
      release(want)
      want.moves += 1
      enter(want, 'pushFront')
    },
    leave: (want) => {
      release(want)
      parked.delete(want)
      if (want.state === 'waiting') {
        for (const scope of scopesOf(want)) lines.get(scope)?.left()
      }
      want.state = 'over'
    },
    advance: () => {
      const passedOver = new Set<Want<R>>()
      let turns = lines.size
      while (turns > 0) {
        for (const [scope, scopeLine] of lines) {
          const stop = active.size >= options.maxActiveWants || passedOver.size >= MAX_PASSED_OVER
          if (stop) turns = 0
          else if (!step(scopeLine, passedOver)) lines.delete(scope)
        }
        turns = Math.min(turns, lines.size)
      }
      for (const want of [...passedOver].reverse()) {
        // A turn in another line may have come since.
        if (want.state === 'waiting') enter(want, 'pushFront')
      }
      rotate(lines)
    },
  }
}

/** Where a want stands in line, once for all of its requests. */
const scopesOf = <R extends Request>({ requests }: Want<R>): ReadonlySet<Scope> =>
  new Set(requests.filter(({ kind }) => kind === 'block').map(({ scope }) => scope))

/** The next advance begins with another scope, so that none takes every free place. */
const rotate = <K, V>(map: Map<K, V>): void => {
  const [first] = map
  if (first === undefined) return
  map.delete(first[0])
  map.set(...first)
}

const priorityOf = <R extends Request>({ requests }: Want<R>): number =>
  requests.reduce((highest, { priority }) => Math.max(highest, priority), -Infinity)

/** The latest that is known of each peer: whoever was asked has been reached. */
const evidenceOf = <R extends Request>({ asked, requests }: Want<R>): Evidence[] => {
  const evidence = new Map(requests.flatMap(({ scope }) => [...scope.unreachable]))
  for (const [key, { peer: { peer }, answer }] of asked ?? []) {
    evidence.set(key, { peer, verdict: answer === 'dont-have' ? answer : 'timed-out' })
  }
  return [...evidence.values()]
}
