import type { ClientOptions } from '../options.ts'
import type { Clock } from '../ports.ts'
import type { Asks } from './asks.ts'
import type { Request } from './contract.ts'
import type { Line } from './line.ts'
import type { Want } from './want.ts'
import type { Wants } from './wants.ts'

/**
 * Says again what was said `rebroadcastMs` ago and is still wanted: a message may have been lost,
 * or a peer may have forgotten us. Its timer runs only while something is wanted.
 */
export interface Rebroadcast {
  /** Call when the wantlist may have changed. */
  watch(): void
  stop(): void
}

/** Looks in every `rebroadcastMs`: a want is said again at most one of them late. */
const LOOKS = 10

export interface RebroadcastDeps<R extends Request> {
  readonly clock: Clock
  readonly options: ClientOptions
  readonly wants: Wants<R>
  readonly line: Line<R>
  readonly asks: Asks<R>
  readonly enter: (task: () => void) => void
}

export const rebroadcast = <R extends Request>(deps: RebroadcastDeps<R>): Rebroadcast => {
  const { clock, options, wants, line, asks, enter } = deps
  let disarm: (() => void) | undefined
  let looks = 0

  const stop = (): void => {
    disarm?.()
    disarm = undefined
    looks = 0
  }

  const repeat = (want: Want<R>): void => {
    const before = clock.now() - options.rebroadcastMs
    for (const { peer, type, awaited, sentAt } of want.asked ?? []) {
      if (sentAt > before) continue
      asks.ask(want, peer, want.kind === 'presence' ? 'want-have' : type, awaited)
    }
    // Searches for providers again, too: no oftener than wants are repeated.
    if (looks % LOOKS === 0 && want.state === 'parked') line.join(want)
  }

  const arm = (): void => {
    disarm = clock.after(options.rebroadcastMs / LOOKS, () => {
      disarm = undefined
      looks += 1
      enter(() => {
        const asked = new Set([...line.active, ...line.parked, ...wants.presence])
        for (const want of asked) repeat(want)
      })
    })
  }

  return {
    watch: () => {
      if (wants.open.size === 0) stop()
      else if (disarm === undefined) arm()
    },
    stop,
  }
}
