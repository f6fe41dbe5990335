/** The laws that every stream of the public contract keeps, kind by kind. */
import { isDeepStrictEqual } from 'node:util'
import type { Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Exchange } from '../../src/exchange.ts'
import { simulatedPeerId } from '../../src/testing/simulated-peer-id.ts'
import { blocks, type Node, swarm } from './swarm.ts'

const cids = blocks('x', 'y')
const { x, y } = cids

const pair = () => {
  const s = swarm({ latencyMs: 10 }, cids)
  const me = s.node('me')
  const a = s.node('A', {}, { blocks: [x] })
  s.link(me, a)
  return { ...s, me, a }
}

/** Sends, gets, cancels: something for every stream to tell. */
const live = ({ clock, me, a }: ReturnType<typeof pair>): void => {
  me.exchange.want(x.cid).subscribe()
  const want = me.exchange.want(y.cid).subscribe()
  const served = a.exchange.want(y.cid).subscribe()
  clock.advance(100)
  want.unsubscribe()
  served.unsubscribe()
  clock.advance(100)
  // Comes and goes in one run of code: no state has changed after it.
  me.exchange.availability(x.cid).subscribe().unsubscribe()
  clock.advance(100)
}

const stop = async ({ clock, me }: ReturnType<typeof pair>): Promise<void> => {
  const stopped = me.exchange.stop()
  clock.advance(2_000)
  await stopped
}

const observe = <T>(stream$: Observable<T>) => {
  const seen = { values: [] as T[], errors: [] as unknown[], completions: 0 }
  const subscription = stream$.subscribe({
    next: (value) => { seen.values.push(value) },
    error: (error: unknown) => { seen.errors.push(error) },
    complete: () => { seen.completions += 1 },
  })
  return { seen, subscription }
}

const EVENTS = ['message$', 'sent$', 'block$', 'presence$', 'cancel$', 'event$'] as const

const STATES: Record<string, (exchange: Exchange) => Observable<unknown>> = {
  wantlist$: ({ wantlist$ }) => wantlist$,
  peers$: ({ peers$ }) => peers$,
  stats$: ({ stats$ }) => stats$,
  peerWantlist: (exchange) => exchange.peerWantlist(simulatedPeerId('A')),
  ledger: (exchange) => exchange.ledger(simulatedPeerId('A')),
}

const REQUESTS: Record<string, (exchange: Exchange) => Observable<unknown>> = {
  want: (exchange) => exchange.want(y.cid),
  retrieve: (exchange) => exchange.retrieve([y.cid]),
  availability: (exchange) => exchange.availability(y.cid),
  'a session\'s want': (exchange) => exchange.session().want(y.cid),
  'a session\'s retrieve': (exchange) => exchange.session().retrieve([y.cid]),
  'a session\'s availability': (exchange) => exchange.session().availability(y.cid),
}

describe.each(EVENTS)('%s', (name) => {
  it('is silent until something happens, then tells, the same to all, and replays nothing', () => {
    const s = pair()
    const first = observe<unknown>(s.me.exchange[name])
    const second = observe<unknown>(s.me.exchange[name])
    expect(first.seen.values).toEqual([])
    live(s)
    expect(first.seen.values.length).toBeGreaterThan(0)
    expect(second.seen.values).toEqual(first.seen.values)
    expect(observe<unknown>(s.me.exchange[name]).seen.values).toEqual([])
  })

  it('completes once on stop, also for who comes later, and never errors', async () => {
    const s = pair()
    const { seen } = observe<unknown>(s.me.exchange[name])
    live(s)
    await stop(s)
    expect(seen).toMatchObject({ errors: [], completions: 1 })
    expect(observe<unknown>(s.me.exchange[name]).seen).toMatchObject({ values: [], completions: 1 })
  })

  it('tells nothing after it was left', () => {
    const s = pair()
    const { seen, subscription } = observe<unknown>(s.me.exchange[name])
    subscription.unsubscribe()
    live(s)
    expect(seen).toMatchObject({ values: [], completions: 0 })
  })
})

describe.each(Object.keys(STATES))('%s', (name) => {
  const streamOf = ({ exchange }: Node) => STATES[name]?.(exchange) as Observable<unknown>

  it('begins with the current value, synchronously, and emits nothing twice in a row', () => {
    const s = pair()
    const { seen } = observe(streamOf(s.me))
    expect(seen.values).toHaveLength(1)
    live(s)
    const [, ...later] = seen.values
    const repeats = later.filter((value, index) => isDeepStrictEqual(value, seen.values[index]))
    expect(repeats).toEqual([])
    expect(observe(streamOf(s.me)).seen.values).toEqual([seen.values.at(-1)])
  })

  it('changes nothing it has emitted', () => {
    const s = pair()
    const { seen } = observe(streamOf(s.me))
    const before = structuredCopy(seen.values[0])
    live(s)
    expect(structuredCopy(seen.values[0])).toEqual(before)
  })

  it('completes once on stop and never errors', async () => {
    const s = pair()
    const { seen } = observe(streamOf(s.me))
    live(s)
    await stop(s)
    expect(seen).toMatchObject({ errors: [], completions: 1 })
  })
})

describe.each(Object.keys(REQUESTS))('%s', (name) => {
  const streamOf = ({ exchange }: Node) => REQUESTS[name]?.(exchange) as Observable<unknown>
  const entries = (wire: readonly string[]) => wire.filter((line) => line.includes('me>A'))

  it('says nothing before it is subscribed to', () => {
    const s = pair()
    streamOf(s.me)
    s.clock.advance(100)
    expect(s.wire).toEqual([])
  })

  it('makes one entry on the wire for two subscribers, and one cancel when both have left', () => {
    const s = pair()
    const stream$ = streamOf(s.me)
    const subscriptions = [stream$.subscribe(), stream$.subscribe()]
    s.clock.advance(100)
    expect(entries(s.wire)).toHaveLength(1)
    subscriptions[0]?.unsubscribe()
    s.clock.advance(100)
    expect(entries(s.wire)).toHaveLength(1)
    subscriptions[1]?.unsubscribe()
    s.clock.advance(100)
    expect(entries(s.wire).slice(1)).toEqual(['210 me>A c.y'])
  })

  it('completes on stop, and leaves no timer', async () => {
    const s = pair()
    const { seen } = observe(streamOf(s.me))
    s.clock.advance(100)
    await stop(s)
    expect(seen).toMatchObject({ errors: [], completions: 1 })
    expect(s.clock.pending).toBe(0)
  })

  it('leaves nothing behind after a thousand comings and goings', () => {
    const s = pair()
    for (let n = 0; n < 1_000; n += 1) {
      const subscription = streamOf(s.me).subscribe()
      if (n % 3 === 0) s.clock.advance(1)
      subscription.unsubscribe()
    }
    s.clock.advance(1_000)
    expect(observe(s.me.exchange.wantlist$).seen.values).toEqual([new Map()])
    expect(observe(s.a.exchange.peerWantlist(s.me.peer)).seen.values).toEqual([new Map()])
    expect(s.clock.pending).toBe(0)
  })
})

const structuredCopy = (value: unknown): unknown =>
  value instanceof Map ? new Map(value) : { ...(value as object) }
