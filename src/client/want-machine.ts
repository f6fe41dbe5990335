import type { ClientOptions } from '../options.ts'
import type { BlockLookup, Clock, Hashers, Random } from '../ports.ts'
import type { ClientInput, Request } from './contract.ts'
import { type Listener, outbox } from './outbox.ts'
import { wire } from './wiring.ts'

export interface WantManagerDeps {
  readonly clock: Clock
  readonly random: Random
  readonly hashers: Hashers
  readonly store: Pick<BlockLookup, 'put'>
  readonly options: ClientOptions
}

/** The want manager's state and the ways into it: inputs, timers, results of store and hashers. */
export interface WantMachine<R extends Request> {
  /** Shows the wantlist. */
  start(): void
  step(input: ClientInput<R>): void
  /** Cancels every want at everybody who was asked. */
  finish(): void
  /** Leaves no timer and no subscription. */
  halt(): void
}

export const wantMachine = <R extends Request>(
  deps: WantManagerDeps,
  listener: Listener<R>,
): WantMachine<R> => {
  const outputs = outbox(listener)
  let scheduled = false
  let halted = false
  let now = deps.clock.now()

  /** The one way in: state first, then outputs, then, once, what the wire is to be told. */
  const enter = (task: () => void): void => {
    if (halted) return
    now = deps.clock.now()
    task()
    parts.settle()
    outputs.release()
    if (scheduled) return
    scheduled = true
    deps.clock.soon(() => {
      scheduled = false
      if (!halted) flush()
    })
  }
  const parts = wire<R>({ ...deps, outputs, enter, now: () => now })
  const flush = (): void => {
    now = deps.clock.now()
    parts.flush()
    outputs.release()
  }

  return {
    start: () => {
      enter(parts.start)
    },
    step: (input) => {
      enter(() => {
        parts.take(input)
      })
    },
    finish: () => {
      enter(parts.finish)
      flush()
      outputs.end()
    },
    halt: () => {
      halted = true
      parts.halt()
    },
  }
}
