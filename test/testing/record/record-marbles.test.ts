import fc from 'fast-check'
import { of, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { SendError } from '../../../src/errors.ts'
import type { BitswapEvent, Decision } from '../../../src/events.ts'
import { formatMarble } from '../../../src/testing/marble/format.ts'
import type { Cell } from '../../../src/testing/marble/items.ts'
import { laneText } from '../../../src/testing/marble/lanes.ts'
import type { Lane } from '../../../src/testing/marble/lanes.ts'
import { parseMarble } from '../../../src/testing/marble/parse.ts'
import { recordMarbles } from '../../../src/testing/record/record-marbles.ts'
import { reportOf } from '../../../src/testing/runner/report.ts'
import { runMarble } from '../../../src/testing/runner/run-marble.ts'
import { simulatedBlock } from '../../../src/testing/simulated-block.ts'
import { swarm } from '../../client/swarm.ts'

const SIZES = [10, 1_024, 1_025, 9_000]
const blocks = Array.from({ length: 8 }, (_, i) => simulatedBlock(`b${i}`, SIZES[i % SIZES.length]))
const block = (index: number) => blocks[index % blocks.length] ?? simulatedBlock('b')
const cid = fc.nat(blocks.length - 1)
const peer = fc.constantFrom('A', 'B', 'C')
const when = { at: fc.nat(120) }

/** What happens in a life of one node and three others. */
const life = fc.array(fc.oneof(
  fc.record({ ...when, want: cid, forMs: fc.option(fc.nat(80)), discovery: fc.boolean() }),
  fc.record({ ...when, theyWant: cid, by: peer }),
  fc.record({ ...when, put: cid }),
  fc.record({ ...when, sessionWant: cid, of: peer }),
  fc.record({ ...when, cut: peer, forMs: fc.nat(20) }),
  fc.record({ ...when, availability: cid, forMs: fc.nat(40) }),
), { minLength: 1, maxLength: 25 })

type Life = typeof life extends fc.Arbitrary<infer T> ? T : never

const record = (events: Life): string => {
  const { clock, network, node, link } = swarm({ latencyMs: 7, highWaterBytes: 2_000 })
  const me = node('me')
  const others = {
    A: node('A', {}, { blocks: blocks.slice(0, 3) }),
    B: node('B', {}, { blocks: blocks.slice(2, 5) }),
    C: node('C', {}, { blocks: blocks.slice(0, 6) }),
  }
  link(me, others.A)
  const recording = recordMarbles(me.exchange, { soon: clock.soon, title: 'A life' })
  link(me, others.B)
  clock.after(20, () => { link(me, others.C) })
  const quiet = { error: () => {} }
  for (const event of events) {
    clock.after(event.at, () => {
      if ('want' in event) {
        const { discovery } = event
        const want = me.exchange.want(block(event.want).cid, { discovery }).subscribe(quiet)
        if (event.forMs !== null) clock.after(event.forMs, () => { want.unsubscribe() })
      } else if ('theyWant' in event) {
        others[event.by].exchange.want(block(event.theyWant).cid).subscribe()
      } else if ('put' in event) {
        me.store.add(block(event.put))
        me.exchange.notify([block(event.put).cid])
      } else if ('sessionWant' in event) {
        const session = me.exchange.session({ peers: [others[event.of].peer] })
        session.want(block(event.sessionWant).cid).subscribe()
      } else if ('cut' in event) {
        network.unlink(me.peer, others[event.cut].peer)
        clock.after(event.forMs, () => { link(me, others[event.cut]) })
      } else {
        const seen = me.exchange.availability(block(event.availability).cid).subscribe()
        clock.after(event.forMs, () => { seen.unsubscribe() })
      }
    })
  }
  clock.advance(300)
  return formatMarble(recording.document())
}

const itemTypes = ({ cells }: Lane): readonly string[] =>
  (cells as readonly Cell[]).flatMap(({ items }) => items.map(({ type }) => type))

describe('recordMarbles', () => {
  it('writes down what a node did', () => {
    const { clock, node, link } = swarm({ latencyMs: 10 })
    const me = node('me')
    const server = node('server', {}, { blocks: [simulatedBlock('b', 5_000)] })
    link(me, server)
    const recording = recordMarbles(me.exchange, { soon: clock.soon, options: { server: false } })
    const session = me.exchange.session({ peers: [server.peer], discovery: false })
    session.want(simulatedBlock('b', 5_000).cid, { priority: 3 }).subscribe()
    clock.advance(50)
    expect(formatMarble(recording.document())).toBe(`\
marble 1
title   A recording
rule    What a node did, as its diary tells it.
source  recordMarbles

mode    order
core    client
peer    A
cid     x1 5000B
session s1 peers A
ignore  link A

link A:  {  -             }{     18ms  -           }{
A>me:    -  -             -      18ms  B.x1
app:     -  ^s1^s1.x1^3'  -      18ms  *s1.x1(A)|
me>A:    -  -             w.x1'  18ms  -           c.x1
`)
  })

  it('stops when told to', () => {
    const { clock, node } = swarm()
    const me = node('me')
    const recording = recordMarbles(me.exchange, { soon: clock.soon })
    me.exchange.want(block(0).cid).subscribe()
    recording.stop()
    me.exchange.want(block(1).cid).subscribe()
    expect(recording.document().cids.length).toBe(1)
  })

  it.each([
    { client: { rebroadcastMs: Infinity }, server: { notifyRetryMs: [] } },
    { client: { dontHaveTimeoutMs: 500.5 }, server: { notifyRetryMs: [0.25, 1_000] } },
    { client: { maxWantsPerPeer: 3 }, server: { targetEnvelopeBytes: 1_000 } },
  ])('writes options so that they are read back: %j', (options) => {
    const recording = recordMarbles(swarm().node('me').exchange, { options })
    const read = parseMarble(formatMarble(recording.document())).options
    const halves = Object.entries<Record<string, unknown>>(options)
    expect(read).toMatchObject(halves.flatMap(([room, half]) =>
      Object.entries(half).map(([name, value]) => ({ room, name, value }))))
  })

  it.each([[' a\n b ', 'a b'], ['\n', 'A recording']])('has a one-line title: %j', (title, one) => {
    const recording = recordMarbles(swarm().node('me').exchange, { title })
    expect(parseMarble(formatMarble(recording.document())).title).toBe(one)
  })

  it('leaves out an option that is not given, and refuses one that cannot be written', () => {
    const { exchange } = swarm().node('me')
    const given = { rebroadcastMs: undefined, maxActiveWants: 5 } as { maxActiveWants: number }
    const recording = recordMarbles(exchange, { options: { client: given } })
    expect(recording.document().options).toMatchObject([{ name: 'maxActiveWants' }])
    expect(() => recordMarbles(exchange, { options: { client: { maxActiveWants: 2.5 } } }))
      .toThrow('No recording can say the option client.maxActiveWants: 2.5')
  })

  it('leaves out what comes of a peer that is gone: a replay could not play it', () => {
    const { clock, node } = swarm()
    const { peer } = node('A')
    const event$ = new Subject<BitswapEvent>()
    const exchange = { ...node('me').exchange, peers$: of(new Map()), event$ }
    const recording = recordMarbles(exchange, { soon: clock.soon })
    const wantlist = { full: false, entries: [{ type: 'cancel', cid: block(0).cid } as const] }
    const message = { wantlist, blocks: [], presences: [], pendingBytes: 0 }
    const error = new SendError(peer, 1, new Error('gone'))
    const events: readonly Decision[] = [
      { type: 'peer-up', peer, supportsHave: true },
      { type: 'peer-down', peer },
      { type: 'message', peer, message, byteLength: 40 },
      { type: 'peer-fault', peer, error },
      { type: 'send-failed', peer, message, error },
      { type: 'sent', peer, message, byteLength: 40 },
    ]
    for (const [at, event] of events.entries()) {
      clock.advance(1)
      event$.next({ at, ...event })
    }
    const { lanes } = parseMarble(formatMarble(recording.document()))
    expect(lanes.map((lane) => [laneText(lane), itemTypes(lane)])).toEqual([
      ['link A', ['busy', 'up', 'down']],
      ['me>A', ['message', 'message']],
    ])
  })

  it('replays: the same inputs, the same messages', () => {
    fc.assert(fc.property(life, (events) => {
      const recorded = record([{ at: 1, want: 0, forMs: null, discovery: true }, ...events])
      const run = runMarble(parseMarble(recorded, { file: 'recording' }))
      if (run.failures.length > 0) throw new Error(reportOf(run))
    }), { numRuns: 100 })
  })
})
