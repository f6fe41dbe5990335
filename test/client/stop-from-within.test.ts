/** A node that is stopped by those whom it tells, or whose subscribers go on asking. */
import { Subject } from 'rxjs'
import type { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { blocks, log, swarm } from './swarm.ts'

const known = blocks('x', 'y', 'z')
const { x, y, z } = known
const block = (): string => 'block'

/** Two nodes; A has x. */
const two = (delayMs = 0) => {
  const nodes = swarm({ latencyMs: 10 }, known)
  const me = nodes.node('me', {}, { clock: nodes.clock, delayMs: () => delayMs })
  const a = nodes.node('A', {}, { blocks: [x] })
  nodes.link(me, a)
  return { ...nodes, me, a }
}

describe('a stop in a handler', () => {
  it.each([0, 3])('of a block cancels and completes the other wants, store %i ms', (delayMs) => {
    const { me, clock, wire } = two(delayMs)
    const other = log(block)
    me.exchange.want(y.cid).subscribe(other.observer)
    me.exchange.want(x.cid).subscribe(() => void me.exchange.stop())
    clock.advance(2_000)
    expect(other.lines).toEqual(['complete'])
    expect(wire.join()).toContain('c.y')
  })

  it('of an error does the same', () => {
    const { me, clock, wire } = two()
    const other = log(block)
    me.exchange.want(y.cid).subscribe(other.observer)
    clock.advance(100)
    const stop = (): void => void me.exchange.stop()
    me.exchange.want(z.cid, { discovery: false }).subscribe({ error: stop })
    clock.advance(2_000)
    expect(other.lines).toEqual(['complete'])
    expect(wire.join()).toContain('c.y')
  })

  it('of the completion that a stop brings loses no cancel', () => {
    const { me, clock, wire } = two()
    me.exchange.want(y.cid).subscribe({ complete: () => void me.exchange.stop() })
    clock.advance(100)
    void me.exchange.stop()
    clock.advance(2_000)
    expect(wire.join()).toContain('c.y')
  })
})

describe('a stop ends a retrieve', () => {
  it('of CIDs that are pushed', () => {
    const { me, clock } = two()
    const retrieved = log(block)
    const cid$ = new Subject<CID>()
    me.exchange.retrieve(cid$).subscribe(retrieved.observer)
    cid$.next(y.cid)
    clock.advance(10)
    void me.exchange.stop()
    clock.advance(2_000)
    expect(retrieved.lines).toEqual(['complete'])
  })

  it('of CIDs without end, and pulls no more of them', () => {
    const { me, clock } = two()
    let pulled = 0
    const endless = function * (): Iterable<CID> {
      for (; pulled < 1_000; pulled++) yield y.cid
    }
    me.exchange.retrieve(endless(), { concurrency: 4 }).subscribe()
    clock.advance(10)
    const before = pulled
    void me.exchange.stop()
    clock.advance(2_000)
    expect(pulled).toBe(before)
  })
})
