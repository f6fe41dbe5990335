import type { CID } from 'multiformats/cid'
import { firstValueFrom, fromEvent, map, type Observable, of, takeUntil } from 'rxjs'
import type { Ports } from './bitswap.ts'
import { NotStartedError } from './errors.ts'
import type { BlockOptions, Exchange } from './exchange.ts'
import { newLife } from './life.ts'
import { type BitswapOptions, settingsOf } from './options.ts'

/**
 * An exchange on the given ports: what `createBitswap` and `bitswap` make on libp2p, and tests on a
 * simulated network. The ports' own lifecycles are the caller's: start them before, stop them
 * after.
 */
export const createExchange = (ports: Ports, options: BitswapOptions = {}): Exchange => {
  const settings = settingsOf(options)
  let life = newLife(ports, settings)
  const exchange = {
    start: () => {
      if (life.isOver()) {
        life = newLife(ports, settings)
        Object.setPrototypeOf(exchange, life)
      }
      life.start()
      return Promise.resolve()
    },
    [Symbol.asyncDispose]: () => life.stop(),
    block: async (cid: CID, { signal, ...asked }: BlockOptions = {}) => {
      const arrival$ = untilAborted(life.want(cid, asked), signal)
      const arrival = await firstValueFrom(arrival$, { defaultValue: undefined })
      // A stop completes the want.
      if (arrival === undefined) throw new NotStartedError()
      return arrival.bytes
    },
  }
  // By prototype: an exchange is its present life, and outlives it.
  return Object.setPrototypeOf(exchange, life) as Exchange
}

/** An aborted signal is an error, with the signal's reason; the source is unsubscribed. */
export const untilAborted = <T>(
  source$: Observable<T>,
  signal: AbortSignal | undefined,
): Observable<T> => {
  if (signal === undefined) return source$
  const aborting$: Observable<unknown> = signal.aborted ? of(signal) : fromEvent(signal, 'abort')
  return source$.pipe(takeUntil(aborting$.pipe(map(() => { throw signal.reason }))))
}
