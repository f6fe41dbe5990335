import fc from 'fast-check'
import type { Subscription } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Stats } from '../../src/exchange.ts'
import { simulatedBlock } from '../../src/testing/simulated-block.ts'
import { type Node, swarm } from '../client/swarm.ts'

const BLOCK_BYTES = 1_500
const held = Array.from({ length: 5 }, (_, n) => simulatedBlock(`held ${n}`, BLOCK_BYTES))
const absent = Array.from({ length: 5 }, (_, n) => simulatedBlock(`absent ${n}`, BLOCK_BYTES))

const pair = () => {
  const s = swarm()
  const [me, a] = [s.node('me'), s.node('A', {}, { blocks: held })]
  s.link(me, a)
  s.clock.advance(20)
  return { ...s, me, a }
}

const statsOf = ({ exchange }: Node): Stats | undefined => {
  let now: Stats | undefined
  exchange.stats$.subscribe((stats) => { now = stats }).unsubscribe()
  return now
}

describe('stats', () => {
  it('count what was traded, the same at both ends', () => {
    const { clock, network, me, a } = pair()
    const wants = [...held, ...absent].map(({ cid }) => me.exchange.want(cid).subscribe())
    clock.advance(100)
    expect(statsOf(me)).toMatchObject({ wants: absent.length, peers: 1 })
    for (const want of wants.slice(-2)) want.unsubscribe()
    clock.advance(100)
    network.unlink(me.peer, a.peer)
    clock.advance(100)

    const messages = { messagesSent: 3, messagesReceived: 1 }
    const traded = { blocksReceived: held.length, bytesReceived: held.length * BLOCK_BYTES }
    expect(statsOf(me)).toEqual({
      wants: absent.length - 2, peers: 0, ...traded, ...messages,
      duplicateBlocksReceived: 0, duplicateBytesReceived: 0, blocksSent: 0, bytesSent: 0,
    })
    expect(statsOf(a)).toMatchObject({
      peers: 0, wants: 0, blocksSent: traded.blocksReceived, bytesSent: traded.bytesReceived,
      messagesSent: messages.messagesReceived, messagesReceived: messages.messagesSent,
    })
  })

  it('know how many wants are open, however they come, overlap and end', () => {
    const cids = [...held, ...absent].map(({ cid }) => cid)
    const step = fc.record({
      index: fc.nat(cids.length - 1),
      ask: fc.constantFrom('want', 'availability', 'leave'),
      ms: fc.constantFrom(0, 5, 30),
    })
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { clock, me } = pair()
      const open: Subscription[] = []
      for (const { index, ask, ms } of steps) {
        const cid = cids[index]!
        if (ask === 'leave') open.splice(index % (open.length || 1), 1)[0]?.unsubscribe()
        else if (ask === 'want') open.push(me.exchange.want(cid).subscribe())
        else open.push(me.exchange.availability(cid).subscribe())
        clock.advance(ms)
        let wanted = 0
        me.exchange.wantlist$.subscribe(({ size }) => { wanted = size }).unsubscribe()
        expect(statsOf(me)?.wants).toBe(wanted)
      }
      for (const request of open) request.unsubscribe()
      expect(statsOf(me)?.wants).toBe(0)
    }), { numRuns: 50 })
  })
})
