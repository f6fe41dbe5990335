/** What a session tells of its own peers, and of no others. */
import { describe, expect, it } from 'vitest'
import { createExchange } from '../../src/create-exchange.ts'
import { NotFoundError } from '../../src/errors.ts'
import type { Availability, Session } from '../../src/exchange.ts'
import { memoryBlocks } from '../../src/testing/memory-blocks.ts'
import { scriptedNetwork } from '../../src/testing/scripted-network.ts'
import { simulatedHashers } from '../../src/testing/simulated-block.ts'
import { simulatedPeerId } from '../../src/testing/simulated-peer-id.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'
import { blocks, log, swarm } from './swarm.ts'

const known = blocks('x')
const { x } = known

/** What is known of each peer when the session's want of x fails. */
const verdictsOf = (session: Session): string[] => {
  const verdicts: string[] = []
  session.want(x.cid).subscribe({
    error: (error: unknown) => {
      if (!(error instanceof NotFoundError)) throw error
      verdicts.push(...error.evidence.map(({ verdict }) => verdict))
    },
  })
  return verdicts
}

describe('the availability of a session', () => {
  const presence = (availability: Availability): string => availability.presence

  it.each(['before', 'after'])('leaves out other peers, who answer %s it asks', (when) => {
    const { clock, link, node } = swarm({ latencyMs: 10 }, known)
    const me = node('me')
    const a = node('A', {}, { blocks: [x] })
    const b = node('B')
    link(me, a)
    link(me, b)
    me.exchange.availability(x.cid).subscribe()
    if (when === 'before') clock.advance(100)
    const l = log(presence)
    me.exchange.session({ peers: [b.peer] }).availability(x.cid).subscribe(l.observer)
    clock.advance(100)
    expect(l.lines).toEqual(['dont-have'])
  })
})

describe('the evidence of a session', () => {
  it('forgets that a peer was out of reach once it has answered', () => {
    const { clock, link, node } = swarm({ latencyMs: 10 }, known)
    const me = node('me')
    const late = simulatedPeerId('late')
    const session = me.exchange.session({ peers: [late], discovery: false })
    clock.advance(100)
    link(me, node('late'))
    const verdicts = verdictsOf(session)
    clock.advance(1_000)
    expect(verdicts).toEqual(['dont-have'])
  })

  it('tells once of a peer that was lost more often', () => {
    const clock = virtualClock()
    const network = scriptedNetwork({ clock })
    const ports = { lookup: memoryBlocks(), hashers: simulatedHashers, clock, random: () => 0 }
    const exchange = createExchange({ network, ...ports })
    void exchange.start()
    const peer = simulatedPeerId('A')
    network.up(peer)
    const session = exchange.session({ peers: [peer], discovery: false })
    clock.advance(10)
    for (let lost = 0; lost < 2; lost++) {
      if (lost > 0) network.up(peer)
      network.down(peer)
      for (let dial = 0; dial < 3; dial++) {
        clock.advance(7_000)
        network.refuse(peer)
      }
    }
    const verdicts = verdictsOf(session)
    clock.advance(60_000)
    expect(verdicts).toEqual(['unreachable'])
  })
})
