/**
 * The composition root: the one place that ties the loop.
 *
 * ```
 * network ──▶ input ──┬─▶ want manager ────┬─▶ delta ──▶ message queues ──▶ network
 *               ▲     └─▶ decision engine ─┘                   │
 *               └───────────── commands, outcomes of sends ◀───┘
 * ```
 *
 * All inputs pass one ordered queue, so that whatever one of them causes is heard after it, by
 * everybody: a cancel cannot overtake its want.
 */
import { defer, type Observable, Subscription } from 'rxjs'
import type { AppRequest } from './client/app-request.ts'
import { providerSearch, type SearchCause } from './client/provider-search.ts'
import { wantManager } from './client/want-manager.ts'
import type { Decision } from './events.ts'
import { handOn } from './hand-on.ts'
import { type CoreInput, type Hearers, hearers, route } from './inputs.ts'
import { messageQueues } from './message-queue/message-queues.ts'
import { type Change, type LiveState, liveState, type StateKeeper } from './observe/live-state.ts'
import { type Trampoline, trampoline } from './operators/trampoline.ts'
import type { ClientOptions, ServerOptions, Settings } from './options.ts'
import type { BlockLookup, Clock, Hashers, Network, Providers, Random } from './ports.ts'
import { decisionEngine } from './server/decision-engine.ts'

/** What a node needs of the world. */
export interface Ports {
  readonly network: Network
  readonly lookup: BlockLookup
  readonly hashers: Hashers
  readonly clock: Clock
  readonly random: Random
  /** Where to look for peers that have what no connected peer has; without it, nowhere. */
  readonly providers?: Providers
}

/** A running node, without its public face. */
export interface Core {
  readonly command: (input: CoreInput) => void
  /** Adds to the diary what the application did. */
  readonly report: (decision: Decision) => void
  readonly decision$: Observable<Decision>
  readonly change$: Observable<Change>
  readonly live: LiveState
  /**
   * Ends every request, cancels every want and sends what is left to be said. Cold; completes when
   * that is done.
   */
  finish(): Observable<never>
  /** Ends every stream; leaves no timer and no subscription. */
  halt(): void
}

/** Starts the loop. */
export const runCore = (ports: Ports, settings: Settings): Core => {
  const { network } = ports
  const input = trampoline<CoreInput>()
  const decisions = trampoline<Decision>()
  const searching = trampoline<SearchCause>()
  const drained = trampoline<never>()
  const state = liveState()
  const running = new Subscription()
  let finishing = false

  const report = (decision: Decision): void => {
    state.decided(decision)
    decisions.next(decision)
    if (decision.type === 'exhausted' || decision.type === 'cancel') searching.next(decision)
  }
  const loop: Loop = { input, state, report, ...hearers() }

  running.add(input.event$.subscribe(route(report, loop)))
  running.add(messageQueues(network)(loop.queues.event$).subscribe({
    next: (outcome) => {
      if (finishing) report(outcome)
      else input.next(outcome)
    },
    complete: drained.complete,
  }))
  running.add(runClient(loop, ports, settings.client))
  if (settings.server !== undefined) running.add(runServer(loop, ports, settings.server))
  if (ports.providers !== undefined) {
    const search = providerSearch({ ...ports, providers: ports.providers })
    running.add(search(searching.event$).subscribe())
  }
  running.add(network.fault$.subscribe(report))
  running.add(network.peer$.subscribe(input.next))
  running.add(network.message$.subscribe(input.next))

  return {
    command: input.next,
    report,
    decision$: decisions.event$,
    change$: state.change$,
    live: state.live,
    finish: () => defer(() => {
      finishing = true
      input.complete()
      return drained.event$
    }),
    halt: () => {
      running.unsubscribe()
      decisions.complete()
      state.complete()
    },
  }
}

/** Where the queues and the two cores listen and what they say it to. */
interface Loop extends Hearers {
  readonly input: Trampoline<CoreInput>
  readonly state: StateKeeper
  readonly report: (decision: Decision) => void
}

const runClient = (
  loop: Loop,
  ports: Ports,
  options: ClientOptions | undefined,
): Subscription => {
  // The last deltas are the cancels of the client.
  const { complete } = loop.queues
  if (options === undefined) return loop.client.event$.subscribe({ complete })
  const manager = wantManager<AppRequest>({ ...ports, store: ports.lookup, options })
  const next = handOn({ ...loop, network: ports.network })
  return manager(loop.client.event$).subscribe({ next, complete })
}

const runServer = (
  { server, queues, state, report }: Loop,
  ports: Ports,
  options: ServerOptions,
): Subscription =>
  decisionEngine({ ...ports, options })(server.event$).subscribe((output) => {
    if (output.type === 'delta') queues.next(output)
    else if (output.type === 'ledger') state.changed(output)
    else report(output)
  })
