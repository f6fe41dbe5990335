import { describe, expect, it } from 'vitest'
import type { Availability, BlockArrival } from '../../src/exchange.ts'
import { simulatedBlock } from '../../src/testing/simulated-block.ts'
import { blocks, log, swarm } from './swarm.ts'

const say = ({ bytes, from }: BlockArrival): string =>
  `${bytes.byteLength} bytes${from === undefined ? '' : ' from a peer'}`

const setup = (holders: string) => {
  const cids = blocks('x', 'y', 'z')
  const { x } = cids
  const s = swarm({ latencyMs: 10 }, cids)
  const me = s.node('me')
  const peers = ['A', 'B', 'C'].map((name) =>
    s.node(name, {}, { blocks: holders.includes(name) ? Object.values(cids) : [] }))
  const [a, b, c] = peers
  if (a === undefined || b === undefined || c === undefined) throw new Error('no peer')
  return { ...s, me, a, b, c, x, cids }
}

describe('want', () => {
  it('gets a block from a peer that has it, and cancels', () => {
    const { clock, me, a, x, link, wire } = setup('A')
    link(me, a)
    const arrival = log(say)
    me.exchange.want(x.cid).subscribe(arrival.observer)
    clock.runUntilIdle()
    expect(arrival.lines).toEqual(['2000 bytes from a peer', 'complete'])
    expect(wire).toEqual(['10 me>A w.x\'', '20 A>me B.x', '30 me>A c.x'])
    expect(me.store.blocks.size).toBe(1)
  })

  it('answers at once what is here', () => {
    const { me, x } = setup('A')
    me.store.add(x)
    const arrival = log(say)
    me.exchange.want(x.cid).subscribe(arrival.observer)
    expect(arrival.lines).toEqual(['2000 bytes', 'complete'])
  })

  it('asks one for the block, tells the other, and cancels both', () => {
    const { clock, me, a, b, x, link, wire } = setup('AB')
    link(me, a)
    link(me, b)
    me.exchange.want(x.cid).subscribe()
    clock.runUntilIdle()
    expect(wire).toEqual([
      '10 me>A w.x\'', '10 me>B h.x', '20 A>me B.x', '20 B>me H.x', '30 me>A c.x', '30 me>B c.x',
    ])
  })

  it('moves on at DONT_HAVE to the one that has it', () => {
    const { clock, me, a, b, x, link, wire } = setup('B')
    link(me, a)
    link(me, b)
    const arrival = log(say)
    me.exchange.want(x.cid).subscribe(arrival.observer)
    clock.runUntilIdle()
    expect(arrival.lines).toEqual(['2000 bytes from a peer', 'complete'])
    expect(wire.slice(2)).toEqual([
      '20 A>me D.x', '20 B>me H.x', '30 me>B w.x\'', '40 B>me B.x', '50 me>A c.x', '50 me>B c.x',
    ])
  })

  it('is one want for two subscribers, cancelled by the last', () => {
    const { clock, me, a, x, link, wire } = setup('')
    link(me, a)
    const first = me.exchange.want(x.cid).subscribe()
    const second = me.exchange.want(x.cid).subscribe()
    clock.advance(100)
    first.unsubscribe()
    clock.advance(100)
    expect(wire).toEqual(['10 me>A w.x\'', '20 A>me D.x'])
    second.unsubscribe()
    clock.advance(100)
    expect(wire.slice(2)).toEqual(['210 me>A c.x'])
  })

  it('says nothing of a want that is over before it was said', () => {
    const { clock, me, a, x, link, wire } = setup('A')
    link(me, a)
    me.exchange.want(x.cid).subscribe().unsubscribe()
    clock.runUntilIdle()
    expect(wire).toEqual([])
  })

  it('waits for a block that turns up later', () => {
    const { clock, me, a, x, link } = setup('')
    link(me, a)
    const arrival = log(say)
    me.exchange.want(x.cid).subscribe(arrival.observer)
    clock.advance(100)
    a.exchange.notify([x.cid])
    a.store.add(x)
    clock.advance(1_000)
    expect(arrival.lines).toEqual(['2000 bytes from a peer', 'complete'])
  })

  it('asks a peer that comes later', () => {
    const { clock, me, a, x, link } = setup('A')
    const arrival = log(say)
    me.exchange.want(x.cid).subscribe(arrival.observer)
    clock.advance(100)
    link(me, a)
    clock.advance(100)
    expect(arrival.lines).toEqual(['2000 bytes from a peer', 'complete'])
  })

  it('survives a disconnect', () => {
    const { clock, me, a, x, link, network } = setup('A')
    link(me, a)
    const arrival = log(say)
    me.exchange.want(x.cid).subscribe(arrival.observer)
    clock.advance(15)
    network.unlink(me.peer, a.peer)
    clock.advance(100)
    expect(arrival.lines).toEqual([])
    link(me, a)
    clock.advance(100)
    expect(arrival.lines).toEqual(['2000 bytes from a peer', 'complete'])
  })

  it('fails with the evidence when discovery is off and nobody has it', () => {
    const { clock, me, a, b, x, link, wire } = setup('')
    link(me, a)
    link(me, b)
    const arrival = log(say)
    me.exchange.want(x.cid, { discovery: false }).subscribe(arrival.observer)
    clock.advance(100)
    expect(arrival.lines).toEqual(['error NotFoundError'])
    expect(wire).toContain('30 me>A c.x')
    expect(wire).toContain('30 me>B c.x')
    expect(clock.pending).toBe(0)
  })

  it('has the highest priority of those who want it', () => {
    const { clock, me, a, link, cids: { x, y } } = setup('A')
    for (const { cid } of [x, y]) me.exchange.want(cid).subscribe()
    me.exchange.want(y.cid, { priority: 5 }).subscribe()
    clock.advance(10)
    link(me, a)
    clock.advance(10)
    const asked = me.events.flatMap((event) =>
      event.type === 'sent' ? event.message.wantlist.entries.map(({ cid }) => cid) : [])
    expect(asked).toEqual([y.cid, x.cid])
  })

  it('fails at once when there is nobody to ask', () => {
    const { clock, me, x } = setup('')
    const arrival = log(say)
    me.exchange.want(x.cid, { discovery: false }).subscribe(arrival.observer)
    clock.advance(0)
    expect(arrival.lines).toEqual(['error NotFoundError'])
  })

  it('completes on stop, and says so to those who were asked', async () => {
    const { clock, me, a, x, link, wire } = setup('')
    link(me, a)
    const arrival = log(say)
    me.exchange.want(x.cid).subscribe(arrival.observer)
    clock.advance(100)
    const stopped = me.exchange.stop()
    clock.advance(100)
    await stopped
    expect(arrival.lines).toEqual(['complete'])
    expect(wire.at(-1)).toBe('110 me>A c.x')
  })

  it('asks for a thousand blocks in as few messages as there are round trips', () => {
    const { clock, me, a, link, wire } = setup('')
    const many = Array.from({ length: 1_000 }, (_, n) => simulatedBlock(`b${n}`, 1_100))
    for (const block of many) a.store.add(block)
    link(me, a)
    const arrival = log(say)
    const cids = many.map(({ cid }) => cid)
    me.exchange.retrieve(cids, { concurrency: 1_000 }).subscribe(arrival.observer)
    clock.runUntilIdle()
    expect(arrival.lines).toHaveLength(1_001)
    expect(wire.filter((line) => line.includes('me>A')).length).toBeLessThan(40)
  })
})

describe('availability', () => {
  const who = ({ presence }: Availability): string => presence

  it('tells who has it, and never asks for the block', () => {
    const { clock, me, a, b, x, link, wire } = setup('A')
    link(me, a)
    link(me, b)
    const seen = log(who)
    const subscription = me.exchange.availability(x.cid).subscribe(seen.observer)
    clock.advance(100)
    expect(seen.lines).toEqual(['have', 'dont-have'])
    subscription.unsubscribe()
    clock.advance(100)
    expect(wire).toEqual([
      '10 me>A h.x\'', '10 me>B h.x\'',
      '20 A>me H.x', '20 B>me D.x',
      '110 me>A c.x', '110 me>B c.x',
    ])
    expect(clock.pending).toBe(0)
  })

  it('completes without discovery once all have answered', () => {
    const { clock, me, a, x, link } = setup('A')
    link(me, a)
    const seen = log(who)
    me.exchange.availability(x.cid, { discovery: false }).subscribe(seen.observer)
    clock.advance(100)
    expect(seen.lines).toEqual(['have', 'complete'])
  })
})

describe('session', () => {
  it('asks only its own peers', () => {
    const { clock, me, a, b, x, link, wire } = setup('A')
    link(me, a)
    link(me, b)
    const arrival = log(say)
    const session = me.exchange.session({ peers: [b.peer], discovery: false })
    session.want(x.cid).subscribe(arrival.observer)
    clock.advance(100)
    expect(arrival.lines).toEqual(['error NotFoundError'])
    expect(wire.filter((line) => line.includes('me>A'))).toEqual([])
  })

  it('dials its peers', () => {
    const { clock, me, a, x } = setup('A')
    const arrival = log(say)
    const session = me.exchange.session({ peers: [a.peer], discovery: false })
    session.want(x.cid).subscribe(arrival.observer)
    clock.advance(200)
    expect(arrival.lines).toEqual(['2000 bytes from a peer', 'complete'])
  })

  it('ends its wants when it is closed', () => {
    const { clock, me, a, x, link, wire } = setup('')
    link(me, a)
    const session = me.exchange.session()
    const arrival = log(say)
    session.want(x.cid).subscribe(arrival.observer)
    clock.advance(100)
    session.close()
    clock.advance(100)
    expect(arrival.lines).toEqual(['complete'])
    expect(wire.at(-1)).toBe('110 me>A c.x')
  })
})
