import { describe, expect, it } from 'vitest'
import { multihashKey, peerKey } from '../../src/message/keys.ts'
import type { Ledger } from '../../src/server/ledger.ts'
import { earlyReading } from '../../src/server/early-reading.ts'
import { lookUps } from '../../src/server/look-ups.ts'
import { memoryBlocks } from '../../src/testing/memory-blocks.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'
import { alice, manyBlocks, wantBlock } from './serving.ts'

const ledger: Ledger = {
  key: peerKey(alice),
  peer: alice,
  wants: new Map(),
  sentBytes: 0,
  receivedBytes: 0,
  exchangedBlocks: 0,
}

describe('lookUps', () => {
  it('is idle when everything is answered or withdrawn', () => {
    const clock = virtualClock()
    const found: string[] = []
    const asking = lookUps({
      lookup: memoryBlocks({ clock, delayMs: () => 10 }),
      early: earlyReading(),
      workers: 4,
      found: ({ key }) => found.push(key),
      failed: () => undefined,
      enter: (change) => change(),
    })
    const keys = manyBlocks(5).map(({ cid }) => {
      const key = multihashKey(cid)
      asking.ask({ ledger, key, want: wantBlock(cid), fromPeer: true })
      return key
    })
    expect(asking.count(ledger)).toBe(5)
    for (const key of keys.slice(4)) asking.withdraw(ledger, key)
    expect(asking.count(ledger)).toBe(4)
    clock.advance(20)
    expect(found).toEqual(keys.slice(0, 4))
    expect(asking.isIdle).toBe(true)
    clock.advance(10)
    expect(found).toHaveLength(4)
  })
})
