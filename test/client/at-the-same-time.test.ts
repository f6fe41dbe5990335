/** Requests for one block, and events, that meet. */
import { concat, defer, filter, mergeMap, NEVER, of, takeUntil, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createExchange } from '../../src/create-exchange.ts'
import type { Availability } from '../../src/exchange.ts'
import { after } from '../../src/operators/after.ts'
import { observed } from '../../src/operators/now-or-later.ts'
import { memoryBlocks } from '../../src/testing/memory-blocks.ts'
import { scriptedNetwork } from '../../src/testing/scripted-network.ts'
import { simulatedBlock, simulatedHashers } from '../../src/testing/simulated-block.ts'
import { simulatedPeerId } from '../../src/testing/simulated-peer-id.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'
import { blocks, log, swarm } from './swarm.ts'

const known = blocks('x', 'y', 'z')
const { x, y, z } = known
const block = (): string => 'block'
const presence = (availability: Availability): string => availability.presence

const nodes = () => swarm({ latencyMs: 10 }, known)

/** A node whose peers are written by hand. */
const scripted = (options = {}) => {
  const clock = virtualClock()
  const network = scriptedNetwork({ clock })
  const ports = { lookup: memoryBlocks(), hashers: simulatedHashers, clock, random: () => 0 }
  const exchange = createExchange({ network, ...ports }, options)
  void exchange.start()
  return { clock, network, exchange }
}

describe('availability', () => {
  it('asks who was only told of a want for a DONT_HAVE', () => {
    const { node, link, clock } = nodes()
    const [me, a, b] = [node('me'), node('A', { server: false }), node('B')]
    link(me, a)
    link(me, b)
    me.exchange.want(x.cid).subscribe()
    clock.advance(1_000)
    const heard = log(presence)
    me.exchange.availability(x.cid).subscribe(heard.observer)
    clock.advance(1_000)
    expect(heard.lines).toEqual(['dont-have'])
  })

  it('without discovery completes beside one that stays, though the peer is silent', () => {
    const { node, link, clock } = nodes()
    const [me, a] = [node('me'), node('A', { server: false })]
    link(me, a)
    me.exchange.availability(x.cid).subscribe()
    clock.advance(100)
    const heard = log(presence)
    me.exchange.availability(x.cid, { discovery: false }).subscribe(heard.observer)
    clock.advance(200_000)
    expect(heard.lines).toEqual(['complete'])
  })

  it('without discovery completes when a want of the same block has left', () => {
    const { node, link, clock } = nodes()
    const [me, a] = [node('me'), node('A', { server: false })]
    link(me, a)
    const want = me.exchange.want(x.cid).subscribe()
    clock.advance(5)
    const heard = log(presence)
    me.exchange.availability(x.cid, { discovery: false }).subscribe(heard.observer)
    clock.advance(5)
    want.unsubscribe()
    clock.advance(200_000)
    expect(heard.lines).toEqual(['complete'])
  })

  it('tells of a peer again only when it says something else', () => {
    const { node, link, clock } = nodes()
    const [me, a] = [node('me'), node('A')]
    link(me, a)
    const heard = log(presence)
    me.exchange.availability(x.cid).subscribe(heard.observer)
    clock.advance(130_000)
    expect(heard.lines).toEqual(['dont-have'])
  })
})

describe('a session', () => {
  it('asks its own peers, though another one has said HAVE', () => {
    const { node, link, clock, wire } = nodes()
    const [me, a, b] = [node('me'), node('A', {}, { blocks: [x] }), node('B', {}, { blocks: [x] })]
    link(me, a)
    link(me, b)
    me.exchange.availability(x.cid).subscribe()
    clock.advance(100)
    me.exchange.session({ peers: [b.peer] }).want(x.cid).subscribe()
    clock.advance(100)
    expect(wire.filter((line) => line.includes('w.x'))).toEqual(['110 me>B w.x\''])
  })

  it('goes on dialling when its providers end in an error', () => {
    const { exchange, network, clock } = scripted()
    const b = simulatedPeerId('B')
    const providers = concat(of(b), throwError(() => new Error('routing')))
    const wanted = log(block)
    exchange.session({ providers, discovery: false }).want(x.cid).subscribe(wanted.observer)
    clock.advance(10)
    network.refuse(b)
    clock.advance(100_000)
    expect(wanted.lines).toEqual(['error NotFoundError'])
  })
})

it('a want without discovery starts no search for providers', () => {
  const { node, link, clock, network } = nodes()
  let searches = 0
  const findProviders = () => defer(() => {
    searches += 1
    return NEVER
  })
  const me = node('me', {}, {}, { findProviders })
  const a = node('A', { server: false })
  link(me, a)
  const session = me.exchange.session({ peers: [a.peer], discovery: false })
  session.want(x.cid).subscribe({ error: () => undefined })
  clock.advance(10)
  network.unlink(me.peer, a.peer)
  clock.advance(50)
  expect(searches).toBe(0)
})

it('a want that two subscribe to holds up the others no more than one', () => {
  const { exchange, network, clock } = scripted({ client: { maxWantsPerPeer: 4 } })
  const [a, b] = [simulatedPeerId('A'), simulatedPeerId('B')]
  const askedOfB: string[] = []
  network.action$.subscribe((action) => {
    if (action.type !== 'write' || !action.peer.equals(b)) return
    askedOfB.push(...action.message.wantlist.entries.map(({ type, cid }) => `${type} ${cid}`))
  })
  network.up(a)
  for (const name of ['1', '2', '3', '4']) exchange.want(simulatedBlock(name).cid).subscribe()
  clock.advance(1)
  for (let subscriber = 0; subscriber < 2; subscriber++) exchange.want(x.cid).subscribe()
  clock.advance(1)
  network.receive(a, {
    wantlist: { entries: [], full: false },
    blocks: [],
    presences: [{ type: 'have', cid: x.cid }],
    pendingBytes: 0,
  })
  for (let turn = 0; turn < 20; turn++) {
    clock.advance(1)
    exchange.want(z.cid).subscribe().unsubscribe()
  }
  clock.advance(1)
  network.up(b)
  clock.advance(1)
  exchange.want(y.cid).subscribe()
  clock.advance(10)
  expect(askedOfB).toContain(`want-block ${y.cid}`)
})

it('a block that is hashed while its peer leaves and returns leaves nothing of the peer', () => {
  const { node, network, clock } = nodes()
  const peer = simulatedPeerId('me')
  const exchange = createExchange({
    network: network.join(peer),
    lookup: memoryBlocks(),
    clock,
    random: () => 0,
    hashers: (code) => {
      const hash = simulatedHashers(code)
      return hash && ((bytes) => after(clock, 50).pipe(mergeMap(() => observed(() => hash(bytes)))))
    },
  })
  void exchange.start()
  const [a, c] = [node('A', {}, { blocks: [x] }), node('C', {}, { blocks: [z] })]
  network.link(peer, a.peer)
  exchange.want(x.cid).subscribe()
  clock.advance(30)
  network.unlink(peer, a.peer)
  network.link(peer, a.peer)
  clock.advance(100)
  network.unlink(peer, a.peer)
  clock.advance(100)
  network.link(peer, c.peer)
  const wanted = log(block)
  exchange.want(z.cid).subscribe(wanted.observer)
  clock.advance(300_000)
  expect(wanted.lines).toEqual(['block', 'complete'])
})

describe('who unsubscribes', () => {
  it('while the block is handed to another is not told of as served', () => {
    const { node, link, clock } = nodes()
    const [me, a] = [node('me'), node('A', {}, { blocks: [x] })]
    link(me, a)
    me.exchange.want(x.cid).subscribe(() => second.unsubscribe())
    const second = me.exchange.want(x.cid).subscribe()
    clock.advance(1_000)
    const tale = me.events.filter((event) => 'subscription' in event && event.subscription === 1)
    expect(tale.map(({ type }) => type)).toEqual(['subscribed', 'unsubscribed'])
  })

  it('as the diary tells of the subscription leaves no want', () => {
    const { node, link, clock, wire } = nodes()
    const [me, a] = [node('me'), node('A')]
    link(me, a)
    const subscribed$ = me.exchange.event$.pipe(filter(({ type }) => type === 'subscribed'))
    me.exchange.want(x.cid).pipe(takeUntil(subscribed$)).subscribe()
    clock.advance(1_000)
    expect(wire).toEqual([])
  })
})
