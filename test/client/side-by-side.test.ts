/** Wants of several sessions and subscribers: none is served at the cost of another. */
import { describe, expect, it } from 'vitest'
import { simulatedBlock } from '../../src/testing/simulated-block.ts'
import { blocks, log, swarm } from './swarm.ts'

const known = blocks('x', 'y', 'z')
const { x, y, z } = known
const block = (): string => 'block'

const nodes = () => swarm({ latencyMs: 10 }, known)
const absent = (count: number) =>
  Array.from({ length: count }, (_, n) => simulatedBlock(`absent ${n}`).cid)

describe('a session', () => {
  it('is not held up by others whose peer is busy', () => {
    const { node, link, clock } = nodes()
    const me = node('me', { client: { maxWantsPerPeer: 4 } })
    const [silent, holder] = [node('S', { server: false }), node('A', {}, { blocks: [x] })]
    link(me, silent)
    link(me, holder)
    for (const cid of absent(40)) {
      me.exchange.session({ peers: [silent.peer] }).want(cid).subscribe()
    }
    clock.advance(100)
    const arrival = log(block)
    me.exchange.session({ peers: [holder.peer] }).want(x.cid).subscribe(arrival.observer)
    clock.advance(100)
    expect(arrival.lines).toEqual(['block', 'complete'])
  })

  it('asks an idle peer for all it may beside one whose peer is busy', () => {
    const { node, link, clock, wire } = nodes()
    const me = node('me', { client: { maxWantsPerPeer: 100 } })
    const [busy, idle] = [node('B', { server: false }), node('I', { server: false })]
    link(me, busy)
    link(me, idle)
    const [first, second] = [{ peers: [busy.peer] }, { peers: [idle.peer] }]
      .map((options) => me.exchange.session(options))
    for (const cid of absent(150)) first?.want(cid).subscribe()
    clock.advance(100)
    for (let n = 0; n < 90; n += 1) second?.want(simulatedBlock(`other ${n}`).cid).subscribe()
    clock.advance(100)
    const asked = wire.filter((line) => line.includes('me>I')).join().split('w.').length - 1
    expect(asked).toBe(90)
  })

  it('is told of to its own peers, whoever else was told of the same block', () => {
    const { node, link, clock } = nodes()
    const me = node('me')
    const strangers = Array.from({ length: 12 }, (_, n) => node(`P${n}`, { server: false }))
    const [b, c] = [node('B', { server: false }), node('C', { server: false })]
    const holder = node('D', {}, { blocks: [x] })
    for (const peer of [...strangers, b, c, holder]) link(me, peer)
    const arrival = log(block)
    me.exchange.want(x.cid).subscribe()
    const session = me.exchange.session({ peers: [b.peer, c.peer, holder.peer] })
    session.want(x.cid).subscribe(arrival.observer)
    clock.advance(5_100)
    expect(arrival.lines).toEqual(['block', 'complete'])
  })

  it('asks only its own peers who has a block, though others want it of everybody', () => {
    const { node, link, clock, wire } = nodes()
    const me = node('me')
    const peers = Array.from({ length: 30 }, (_, n) => node(`P${n}`, { server: false }))
    for (const peer of peers) link(me, peer)
    me.exchange.want(x.cid).subscribe()
    clock.advance(100)
    const told = wire.length
    me.exchange.session({ peers: [peers[29]!.peer] }).availability(x.cid).subscribe()
    clock.advance(100)
    expect(wire.slice(told)).toEqual(['110 me>P29 h.x\''])
  })
})

it('a block that is wanted twice is not asked for before others', () => {
  const { node, link, clock, wire } = nodes()
  const [me, a] = [node('me', { client: { maxActiveWants: 1 } }), node('A', { server: false })]
  for (const { cid } of [x, y, z, z]) me.exchange.want(cid).subscribe()
  link(me, a)
  clock.advance(10)
  expect(wire).toEqual(['10 me>A w.x\''])
})

it('a block that many wait for, and whose peer is busy, does not hold up the next', () => {
  const { node, link, clock, wire } = nodes()
  const me = node('me', { client: { maxWantsPerPeer: 1 } })
  link(me, node('B', { server: false }))
  me.exchange.want(y.cid).subscribe()
  clock.advance(100)
  link(me, node('I'))
  me.exchange.want(x.cid).subscribe()
  clock.advance(100)
  for (let n = 0; n < 10; n += 1) me.exchange.want(x.cid).subscribe()
  me.exchange.want(z.cid).subscribe()
  clock.advance(100)
  const asked = wire.filter((line) => line.includes('me>I') && line.includes('w.'))
  expect(asked).toEqual([expect.stringContaining('w.x\''), expect.stringContaining('w.z\'')])
})
