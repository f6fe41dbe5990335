import { answers } from './answers.ts'
import { type Arrivals, arrivals } from './arrivals.ts'
import { asks } from './asks.ts'
import { connections } from './connections.ts'
import type { ClientInput, Request } from './contract.ts'
import { dontHaveTimeout } from './dont-have-timeout.ts'
import { line } from './line.ts'
import type { outbox } from './outbox.ts'
import { leastLoaded } from './peer-choice.ts'
import { answeredRequests } from './presence-requests.ts'
import { ranking } from './ranking.ts'
import { rebroadcast } from './rebroadcast.ts'
import { dialled } from './scopes.ts'
import { storing } from './storing.ts'
import type { PeerWants } from './want.ts'
import type { WantManagerDeps } from './want-machine.ts'
import { type Wants, wants } from './wants.ts'

export interface Wiring<R extends Request> extends WantManagerDeps {
  readonly outputs: ReturnType<typeof outbox<R>>
  /** The same for all that one input causes. */
  readonly now: () => number
  readonly enter: (task: () => void) => void
}

/** The want manager, put together. */
export interface Wired<R extends Request> {
  start(): void
  take(input: ClientInput<R>): void
  /** Once what one input causes is done. */
  settle(): void
  /** Once a run of code is over: what goes on the wire. */
  flush(): void
  finish(): void
  halt(): void
}

/**
 * Puts the parts of the want manager together. Those that need each other meet in the arrows
 * between them.
 */
export const wire = <R extends Request>({ outputs, now, ...deps }: Wiring<R>): Wired<R> => {
  const { options } = deps
  const watch = (peer: PeerWants<R>): void => {
    timeout.watch(peer)
  }
  const shared = { ...deps, clock: { now }, outbox: outputs, watch }
  const peers = ranking<R>(deps.random)
  const asking = asks<R>({ ...shared, ranking: peers })
  const queue = line<R>({
    ...shared,
    asks: asking,
    choose: leastLoaded(peers, options),
    fail: (want, requests, error) => {
      outputs.say({ type: 'fail', requests, error })
      wantlist.end(want, requests, 'not-found')
    },
    waitUntil: (time) => {
      timeout.watchAt(time)
    },
  })
  const blocks: Arrivals<R> = arrivals({
    ...shared,
    arrived: (peer, key, view) => hearing.arrived(peer, key, view),
  })
  const shelf = storing<R>(shared)
  const core = { ...shared, ranking: peers, asks: asking, line: queue }
  const wantlist: Wants<R> = wants({ ...core, arrivals: blocks, storing: shelf })
  const hearing = answers<R>({ ...core, wants: wantlist, arrivals: blocks, storing: shelf })
  const { unanswered } = hearing
  const timeout = dontHaveTimeout<R>({ ...core, clock: deps.clock, unanswered })
  const links = connections<R>({ ...core, wants: wantlist, unanswered })
  const again = rebroadcast<R>({ ...core, clock: deps.clock, wants: wantlist })

  return {
    start: wantlist.announce,
    take: (input: ClientInput<R>): void => {
      switch (input.type) {
        case 'message':
          hearing.hear(input)
          return
        case 'peer-up':
        case 'peer-down':
          links.change(input)
          return
        case 'send-failed':
          links.sendFailed(input)
          return
        case 'want':
          wantlist.add(input.cid, input.request)
          return
        case 'unwant':
          wantlist.remove(input.cid, input.request)
          return
        case 'dialling':
          input.scope.dialling += 1
          return
        case 'dialled':
          dialled({ line: queue, wants: wantlist, asks: asking }, input.scope, input.outcome)
          return
        case 'local-block':
          hearing.foundHere(input.block)
          return
        default: input satisfies never
      }
    },
    settle: shelf.announce,
    flush: (): void => {
      queue.advance()
      for (const want of wantlist.ending) {
        const answered = answeredRequests(want, peers)
        for (const request of answered) outputs.say({ type: 'answered', request })
        if (answered.length > 0) wantlist.end(want, answered, 'received')
      }
      again.watch()
      wantlist.announce()
      outputs.post()
    },
    finish: (): void => {
      wantlist.endAll('stopped')
    },
    halt: (): void => {
      timeout.stop()
      again.stop()
      blocks.stop()
      shelf.stop()
    },
  }
}
