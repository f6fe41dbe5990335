/** Blocks that are in our own store, come into it, or are looked for there. */
import { map } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createExchange } from '../../src/create-exchange.ts'
import { after } from '../../src/operators/after.ts'
import { observed } from '../../src/operators/now-or-later.ts'
import { memoryBlocks } from '../../src/testing/memory-blocks.ts'
import { scriptedNetwork } from '../../src/testing/scripted-network.ts'
import { simulatedHashers } from '../../src/testing/simulated-block.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'
import { blocks, log, swarm } from './swarm.ts'

const known = blocks('x', 'y')
const { x, y } = known
const block = (): string => 'block'

const alone = (delayMs = 0) => {
  const s = swarm({ latencyMs: 10 }, known)
  return { ...s, me: s.node('me', {}, { delayMs: () => delayMs, blocks: [y] }) }
}

describe('a want of ours', () => {
  it('gets a block that is notified before it is put', () => {
    const { me, clock } = alone()
    const l = log(block)
    me.exchange.want(x.cid).subscribe(l.observer)
    me.exchange.notify([x.cid])
    clock.advance(200)
    me.store.add(x)
    clock.advance(200)
    expect(l.lines).toEqual(['block', 'complete'])
  })

  it('gets a block that is put and notified while the store looks for it', () => {
    const clock = virtualClock()
    const store = memoryBlocks()
    const lookup: typeof store = {
      ...store,
      // Looks at once, and answers later.
      has: (cid) => {
        const answer$ = observed(() => store.has(cid))
        let isHere = false
        answer$.subscribe((answer) => { isHere = answer })
        return after(clock, 5).pipe(map(() => isHere))
      },
    }
    const ports = { lookup, hashers: simulatedHashers, clock, random: () => 0 }
    const exchange = createExchange({ network: scriptedNetwork({ clock }), ...ports })
    void exchange.start()
    const l = log(block)
    exchange.want(x.cid).subscribe(l.observer)
    clock.advance(1)
    store.add(x)
    exchange.notify([x.cid])
    clock.advance(10)
    expect(l.lines).toEqual(['block', 'complete'])
  })

  it('gets a block that is wanted, put and notified within one delivery', () => {
    const { node, link, clock } = swarm({ latencyMs: 10 }, known)
    const [me, a] = [node('me'), node('A', {}, { blocks: [y] })]
    link(me, a)
    const l = log(block)
    const wantPutNotify = (): void => {
      me.exchange.want(x.cid).subscribe(l.observer)
      me.store.add(x)
      me.exchange.notify([x.cid])
    }
    me.exchange.want(y.cid).subscribe(wantPutNotify)
    clock.advance(100_000)
    expect(l.lines).toEqual(['block', 'complete'])
  })

  it('is looked for no more once it has left', () => {
    const { me, clock } = alone()
    const want = me.exchange.want(x.cid).subscribe()
    me.exchange.notify([x.cid])
    clock.advance(20)
    want.unsubscribe()
    clock.runUntilIdle()
    expect(clock.now()).toBeLessThan(1_000)
  })

  it('completes when the node stops, though the store has not answered', () => {
    const { me, clock } = alone(5_000)
    const l = log(block)
    for (const { cid } of [x, y]) me.exchange.want(cid).subscribe(l.observer)
    // The store has told that y is there, and is reading it.
    clock.advance(6_000)
    void me.exchange.stop()
    clock.advance(2_000)
    expect(l.lines).toEqual(['complete', 'complete'])
    expect(clock.pending).toBe(0)
  })

  it('that is made after a stop fails, as every request does', () => {
    const { me, clock } = alone()
    void me.exchange.stop()
    clock.advance(2_000)
    const l = log(block)
    me.exchange.want(x.cid).subscribe(l.observer)
    me.exchange.availability(x.cid).subscribe(l.observer)
    expect(l.lines).toEqual(['error NotStartedError', 'error NotStartedError'])
  })
})

describe('a block that is said to be absent', () => {
  const between = () => {
    const s = swarm({ latencyMs: 10 }, known)
    const calls: string[] = []
    const me = s.node('me', {}, { onCall: (operation) => calls.push(operation) })
    s.link(me, s.node('A', {}, { blocks: [x, y] }))
    s.clock.advance(100)
    return { ...s, me, calls }
  }

  it('is not looked for', () => {
    const { me, clock, calls } = between()
    const l = log(block)
    me.exchange.want(x.cid, { absent: true }).subscribe(l.observer)
    me.exchange.retrieve([y.cid], { absent: true }).subscribe(l.observer)
    clock.advance(100)
    expect(l.lines).toEqual(['block', 'complete', 'block', 'complete'])
    expect(calls).toEqual(['put', 'put'])
  })

  it('is found if it was put and notified since', () => {
    const { me, clock } = alone()
    const l = log(block)
    me.store.add(x)
    me.exchange.notify([x.cid])
    clock.advance(100)
    me.exchange.want(x.cid, { absent: true }).subscribe(l.observer)
    expect(l.lines).toEqual(['block', 'complete'])
  })

  it('is not looked for long after the last notice', () => {
    const { me, clock, calls } = between()
    me.exchange.notify([x.cid])
    clock.advance(10_000)
    calls.length = 0
    me.exchange.want(y.cid, { absent: true }).subscribe()
    clock.advance(100)
    expect(calls).toEqual(['put'])
  })
})
