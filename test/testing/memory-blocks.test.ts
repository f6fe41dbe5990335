import { describe, expect, it } from 'vitest'
import { type NowOrLater, observed } from '../../src/operators/now-or-later.ts'
import { memoryBlocks } from '../../src/testing/memory-blocks.ts'
import { simulatedBlock } from '../../src/testing/simulated-block.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'

const a = simulatedBlock('a')
const b = simulatedBlock('b', 300)

const outcome = <T>(ask: () => NowOrLater<T>): unknown[] => {
  const seen: unknown[] = []
  observed(ask).subscribe({
    next: (value) => seen.push(value),
    error: (error: unknown) => seen.push((error as Error).message),
    complete: () => seen.push('complete'),
  })
  return seen
}

describe('memoryBlocks', () => {
  it('answers synchronously, once', () => {
    const store = memoryBlocks({ blocks: [a] })
    expect(outcome(() => store.has(a.cid))).toEqual([true, 'complete'])
    expect(outcome(() => store.size(a.cid))).toEqual([100, 'complete'])
    expect(outcome(() => store.get(a.cid))).toEqual([a.bytes, 'complete'])
    expect(outcome(() => store.has(b.cid))).toEqual([false, 'complete'])
    expect(outcome(() => store.size(b.cid))).toEqual([undefined, 'complete'])
    expect(outcome(() => store.get(b.cid))).toEqual([undefined, 'complete'])
    expect(outcome(() => store.put(b.cid, b.bytes))).toEqual([undefined, 'complete'])
    expect(outcome(() => store.size(b.cid))).toEqual([300, 'complete'])
    store.remove(b.cid)
    expect(outcome(() => store.has(b.cid))).toEqual([false, 'complete'])
  })

  it('is late by the delay, and reads at its end', () => {
    const clock = virtualClock()
    const store = memoryBlocks({ clock, delayMs: (operation) => operation === 'get' ? 5 : 0 })
    const got = outcome(() => store.get(a.cid))
    clock.advance(4)
    expect(got).toEqual([])
    store.add(a)
    clock.advance(1)
    expect(got).toEqual([a.bytes, 'complete'])
  })

  it('does not store what was unsubscribed', () => {
    const clock = virtualClock()
    const store = memoryBlocks({ clock, delayMs: () => 5 })
    observed(() => store.put(a.cid, a.bytes)).subscribe().unsubscribe()
    expect(clock.pending).toBe(0)
    clock.runUntilIdle()
    expect(store.blocks.size).toBe(0)
  })

  it('fails as told', () => {
    const store = memoryBlocks({
      blocks: [a],
      fail: (operation) => operation === 'put' ? new Error('disk full') : undefined,
    })
    expect(outcome(() => store.put(b.cid, b.bytes))).toEqual(['disk full'])
    expect(store.blocks.size).toBe(1)
    expect(outcome(() => store.get(a.cid))).toEqual([a.bytes, 'complete'])
  })
})
