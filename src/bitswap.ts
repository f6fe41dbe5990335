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
import { defer, filter, merge, type Observable, Subscription } from 'rxjs'
import type { AppRequest } from './client/app-request.ts'
import type { ClientInput } from './client/contract.ts'
import { providerSearch } from './client/provider-search.ts'
import { wantManager } from './client/want-manager.ts'
import { handOn } from './hand-on.ts'
import type { Decision } from './events.ts'
import type { Delta } from './message/delta.ts'
import { messageQueues } from './message-queue/message-queues.ts'
import { type Change, type LiveState, liveState } from './observe/live-state.ts'
import { trampoline } from './operators/trampoline.ts'
import type { Settings } from './options.ts'
import type { BlockLookup, Clock, Hashers, Network, PeerEvent, Providers, Random } from './ports.ts'
import type { ServerInput } from './server/contract.ts'
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

/** Everything the two cores hear. */
export type CoreInput = ClientInput<AppRequest> | ServerInput

/** A running node, without its public face. */
export interface Core {
  readonly command: (input: CoreInput) => void
  /** Adds to the diary what the application did. */
  readonly report: (decision: Decision) => void
  readonly decision$: Observable<Decision>
  readonly change$: Observable<Change>
  readonly live: LiveState
  /** Ends every request, cancels every want and sends what is left to be said. Cold; completes when that is done. */
  finish(): Observable<never>
  /** Ends every stream; leaves no timer and no subscription. */
  halt(): void
}

/** Starts the loop. */
export const runCore = (ports: Ports, settings: Settings): Core => {
  const { network, lookup, clock } = ports
  const input = trampoline<CoreInput>()
  const decisions = trampoline<Decision>()
  const deltas = trampoline<Delta>()
  const state = liveState()
  const running = new Subscription()
  let finishing = false

  const report = (decision: Decision): void => {
    state.note(decision)
    decisions.next(decision)
  }
  // In this order each input is heard: by the diary, the queues, the client, the server.
  running.add(input.event$.pipe(filter(isFact)).subscribe(report))

  const queues = messageQueues(network)(merge(input.event$.pipe(filter(isPeerEvent)), deltas.event$))
  const drained = trampoline<never>()
  running.add(queues.subscribe({
    next: (outcome) => {
      if (finishing) report(outcome)
      else input.next(outcome)
    },
    complete: drained.complete,
  }))

  if (settings.client !== undefined) {
    const manager = wantManager<AppRequest>({ ...ports, store: lookup, options: settings.client })
    const hand = handOn({ network, state, report, send: deltas.next, tellServer: input.next })
    running.add(input.event$.pipe(filter(isClientInput), manager).subscribe(hand))
  }
  if (settings.server !== undefined) {
    const engine = decisionEngine({ lookup, clock, options: settings.server })
    running.add(input.event$.pipe(filter(isServerInput), engine).subscribe((output) => {
      if (output.type === 'delta') deltas.next(output)
      else if (output.type === 'ledger') state.noteLedger(output.ledger)
      else report(output)
    }))
  }
  if (ports.providers !== undefined) {
    const search = providerSearch({ clock, network, providers: ports.providers })
    running.add(decisions.event$.pipe(search).subscribe())
  }
  running.add(network.fault$.subscribe(report))
  running.add(merge(network.peer$, network.message$).subscribe(input.next))

  return {
    command: input.next,
    report,
    decision$: decisions.event$,
    change$: state.change$,
    live: state.live,
    finish: () => defer(() => {
      finishing = true
      input.complete()
      deltas.complete()
      return drained.event$
    }),
    halt: () => {
      running.unsubscribe()
      decisions.complete()
      state.complete()
    },
  }
}

type Fact = CoreInput & Decision

const isFact = (input: CoreInput): input is Fact =>
  isPeerEvent(input) || input.type === 'message' || input.type === 'sent' || input.type === 'send-failed'

const isPeerEvent = (input: CoreInput): input is PeerEvent =>
  input.type === 'peer-up' || input.type === 'peer-down'

const isClientInput = (input: CoreInput): input is ClientInput<AppRequest> =>
  input.type !== 'notify' && input.type !== 'block-received'

const isServerInput = (input: CoreInput): input is ServerInput =>
  isFact(input) || !isClientInput(input)
