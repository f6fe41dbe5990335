/** What a HAVE teaches, whoever it comes from and whatever that peer was asked. */
import { describe, expect, it } from 'vitest'
import { createExchange } from '../../src/create-exchange.ts'
import type { Availability } from '../../src/exchange.ts'
import { memoryBlocks } from '../../src/testing/memory-blocks.ts'
import { scriptedNetwork } from '../../src/testing/scripted-network.ts'
import { simulatedHashers } from '../../src/testing/simulated-block.ts'
import { simulatedPeerId } from '../../src/testing/simulated-peer-id.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'
import { blocks, log, swarm } from './swarm.ts'

const known = blocks('x', 'y')
const { x, y } = known
const presence = (availability: Availability): string => availability.presence

const [a, b] = [simulatedPeerId('A'), simulatedPeerId('B')]

/** A node with a peer that is written by hand. */
const scripted = () => {
  const clock = virtualClock()
  const network = scriptedNetwork({ clock })
  const ports = { lookup: memoryBlocks(), hashers: simulatedHashers, clock, random: () => 0 }
  const exchange = createExchange({ network, ...ports })
  void exchange.start()
  network.up(a)
  const have = (peer: typeof a): void => {
    network.receive(peer, {
      wantlist: { entries: [], full: false },
      blocks: [],
      presences: [{ type: 'have', cid: x.cid }],
      pendingBytes: 0,
    })
    clock.advance(1)
  }
  return { clock, network, exchange, have }
}

describe('a HAVE of the peer that was asked for the block', () => {
  it('is told once, though the block follows', () => {
    const { node, link, clock } = swarm({ latencyMs: 10 }, known)
    const [me, holder] = [node('me'), node('A', {}, { blocks: [x] })]
    link(me, holder)
    const heard = log(presence)
    me.exchange.availability(x.cid).subscribe(heard.observer)
    clock.advance(5)
    me.exchange.want(x.cid).subscribe()
    clock.advance(1_000)
    expect(heard.lines).toEqual(['have'])
  })

  it('ends an availability without discovery', () => {
    const { clock, exchange, have } = scripted()
    exchange.want(x.cid).subscribe()
    clock.advance(1)
    const heard = log(presence)
    exchange.availability(x.cid, { discovery: false }).subscribe(heard.observer)
    clock.advance(1)
    have(a)
    expect(heard.lines).toEqual(['have', 'complete'])
  })

  it('is told to an availability that comes later', () => {
    const { clock, exchange, have } = scripted()
    exchange.want(x.cid).subscribe()
    clock.advance(1)
    have(a)
    const heard = log(presence)
    exchange.availability(x.cid).subscribe(heard.observer)
    clock.advance(1_000)
    expect(heard.lines).toEqual(['have'])
  })
})

it('a HAVE of a peer that was not asked says nothing of how fast it answers', () => {
  const { clock, network, exchange, have } = scripted()
  const left: string[] = []
  exchange.event$.subscribe(({ type }) => { if (type === 'peer-left') left.push(type) })
  exchange.session({ peers: [a] }).want(x.cid).subscribe()
  clock.advance(10)
  network.up(b)
  clock.advance(10)
  have(b)
  exchange.session({ peers: [b] }).want(y.cid).subscribe()
  clock.advance(1_000)
  expect(left).toEqual([])
})
