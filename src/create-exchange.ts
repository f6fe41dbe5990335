import { firstValueFrom, fromEvent, map, type Observable, of, takeUntil } from 'rxjs'
import type { Ports } from './bitswap.ts'
import { NotStartedError } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { type Life, newLife } from './life.ts'
import { type BitswapOptions, settingsOf } from './options.ts'

/**
 * An exchange on the given ports: what `createBitswap` and `bitswap` make on libp2p, and tests on a
 * simulated network. The ports' own lifecycles are the caller's: start them before, stop them
 * after.
 */
export const createExchange = (ports: Ports, options: BitswapOptions = {}): Exchange => {
  const settings = settingsOf(options)
  let life: Life = newLife(ports, settings)
  const stop = (): Promise<void> => life.stop()

  return {
    start: () => {
      if (life.isOver()) life = newLife(ports, settings)
      life.start()
      return Promise.resolve()
    },
    stop,
    [Symbol.asyncDispose]: stop,
    want: (cid, asked) => life.want(cid, asked),
    retrieve: (cids, asked) => life.retrieve(cids, asked),
    availability: (cid, asked) => life.availability(cid, asked),
    session: (asked = {}) => life.session(asked),
    block: async (cid, { signal, ...asked } = {}) => {
      const arrival$ = untilAborted(life.want(cid, asked), signal)
      const arrival = await firstValueFrom(arrival$, { defaultValue: undefined })
      // A stop completes the want.
      if (arrival === undefined) throw new NotStartedError()
      return arrival.bytes
    },
    notify: (cids) => {
      life.notify([...cids])
    },
    get message$ () { return life.message$ },
    get sent$ () { return life.sent$ },
    get block$ () { return life.block$ },
    get presence$ () { return life.presence$ },
    get cancel$ () { return life.cancel$ },
    get event$ () { return life.event$ },
    get wantlist$ () { return life.wantlist$ },
    get peers$ () { return life.peers$ },
    get stats$ () { return life.stats$ },
    peerWantlist: (peer) => life.peerWantlist(peer),
    ledger: (peer) => life.ledger(peer),
  }
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
