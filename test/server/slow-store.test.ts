import type { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { multihashKey } from '../../src/message/keys.ts'
import { simulatedPeerId } from '../../src/testing/simulated-peer-id.ts'
import { alice, block, bob, manyBlocks, serving, wantBlock, wantHave, words } from './serving.ts'

const carol = simulatedPeerId('carol')
// Larger than what is kept from a look-up until it is sent.
const mine = manyBlocks(40, 'mine', 5_000)
const yours = manyBlocks(40, 'yours', 5_000)

/** A store in which some blocks take for ever; counts what is under way. */
const stuck = (operation: 'has' | 'get', isStuck: (cid: CID) => boolean) => {
  const stuckKeys = new Set<string>()
  return {
    stuckKeys,
    delayMs: (asked: string, cid: CID): number => {
      if (asked !== operation || !isStuck(cid)) return 0
      stuckKeys.add(multihashKey(cid))
      return 1e9
    },
  }
}

const isMine = (cid: CID): boolean => mine.some((candidate) => candidate.cid.equals(cid))

describe('a slow store', () => {
  it('reads as many blocks at the same time as there are workers, half of them for one', () => {
    const { delayMs, stuckKeys } = stuck('get', () => true)
    const server = serving({ blocks: [...mine, ...yours], delayMs, options: { taskWorkers: 6 } })
    server.want(alice, ...mine)
    expect(stuckKeys.size).toBe(3)
    server.want(bob, ...yours.slice(0, 20))
    expect(stuckKeys.size).toBe(6)
    server.up(carol)
    server.want(carol, ...yours.slice(20))
    expect(stuckKeys.size).toBe(6)
  })

  it('of one peer\'s blocks does not keep others from theirs', () => {
    for (const operation of ['has', 'get'] as const) {
      const { delayMs } = stuck(operation, isMine)
      const options = { taskWorkers: 2, lookupWorkers: 2 }
      const server = serving({ blocks: [...mine, ...yours], delayMs, options })
      server.want(alice, ...mine)
      server.want(bob, ...yours)
      const sent = server.sendAll()
      expect(sent.every(({ peer }) => peer === bob)).toBe(true)
      expect(words(sent)).toHaveLength(40)
    }
  })

  it('of a peer that comes and goes does not keep others from theirs', () => {
    for (const operation of ['has', 'get'] as const) {
      const { delayMs } = stuck(operation, isMine)
      const options = { taskWorkers: 4, lookupWorkers: 4 }
      const server = serving({ blocks: [...mine, ...yours], delayMs, options })
      for (let visits = 0; visits < 3; visits++) {
        server.want(alice, ...mine)
        server.down(alice)
        server.up(alice)
      }
      server.want(bob, ...yours)
      expect(words(server.sendAll())).toHaveLength(40)
    }
  })

  it('that answers at last has room again for a peer that came and went', () => {
    for (const operation of ['has', 'get'] as const) {
      const delayMs = (asked: string): number => asked === operation ? 10 : 0
      const options = { taskWorkers: 2, lookupWorkers: 2 }
      const server = serving({ blocks: mine, delayMs, options })
      server.want(alice, ...mine)
      server.down(alice)
      server.up(alice)
      server.want(alice, ...mine)
      const sent = []
      for (let waits = 0; waits < 100; waits++) {
        server.clock.advance(10)
        sent.push(...server.sendAll())
      }
      expect(words(sent)).toHaveLength(40)
    }
  })

  it('is asked for a limited number of blocks, and in turn by peers', () => {
    let asked = 0
    const server = serving({
      blocks: [...mine, ...yours],
      delayMs: (operation) => operation === 'has' ? (asked += 1, 10) : 0,
      options: { lookupWorkers: 4, taskWorkers: 1 },
    })
    server.want(alice, ...mine)
    expect(asked).toBe(2)
    server.want(bob, ...yours)
    expect(asked).toBe(4)
    server.clock.advance(10)
    expect(asked).toBe(8)
    expect(server.sendAll().map(({ peer }) => peer)).toEqual([alice, alice, bob, bob])
    server.clock.runUntilIdle()
    expect(words(server.sendAll())).toHaveLength(76)
  })

  it('is asked for no more later than at first', () => {
    let asked = 0
    const server = serving({
      delayMs: (operation) => operation === 'has' ? (asked += 1, 10) : 0,
      options: { lookupWorkers: 4 },
    })
    server.want(alice, ...mine)
    server.clock.advance(10)
    expect(asked).toBe(4)
    server.up(carol)
    server.want(bob, ...yours.slice(0, 20))
    server.want(carol, ...yours.slice(20))
    expect(asked).toBe(6)
    server.clock.advance(10)
    expect(asked).toBe(10)
  })

  it('does not hold up the blocks that were read before', () => {
    const { delayMs } = stuck('get', ({ multihash }) => multihash === mine[2]?.cid.multihash)
    const server = serving({ blocks: mine, delayMs })
    server.want(alice, ...mine.slice(0, 4))
    expect(words(server.takeDeltas(), ...mine)).toEqual(['block a', 'block b', 'block d'])
  })

  it('is not asked for a want that was cancelled while it waited', () => {
    const asked = new Set<string>()
    const server = serving({
      delayMs: (operation, cid) => {
        asked.add(multihashKey(cid))
        return 10
      },
      options: { lookupWorkers: 2 },
    })
    server.want(alice, ...mine)
    server.cancel(alice, ...mine)
    server.down(alice)
    server.clock.runUntilIdle()
    expect(asked.size).toBe(1)
    expect(server.wants(alice)).toEqual([])
  })

  it('is not asked for more than two ledgers hold, however many lists come', () => {
    let asked = 0
    const server = serving({
      delayMs: () => (asked += 1, 10),
      options: { maxWantlistEntries: 8, lookupWorkers: 2 },
    })
    for (const { cid } of mine) server.receive(alice, [wantBlock(cid, { sendDontHave: true })])
    expect(server.takeDeltas().flatMap(({ presences = [] }) => presences)).toHaveLength(24)
    server.clock.runUntilIdle()
    expect(asked).toBe(16)
  })

  it('is asked once for a want that is repeated, and the better want is answered', () => {
    let asked = 0
    const large = block('large', 2_000)
    const server = serving({
      blocks: [large],
      delayMs: (operation) => operation === 'get' ? 0 : (asked += 1, 10),
    })
    server.receive(alice, [wantHave(large.cid)])
    server.receive(alice, [wantBlock(large.cid)])
    server.receive(alice, [wantHave(large.cid)])
    server.clock.advance(10)
    expect(asked).toBe(1)
    expect(words(server.sendAll(), large)).toEqual(['block a'])
  })

  it('answers a want that was cancelled and made anew by the new look-up', () => {
    const a = block('a')
    const server = serving({ delayMs: (operation) => operation === 'has' ? 10 : 0 })
    server.receive(alice, [wantBlock(a.cid, { sendDontHave: true })])
    server.clock.advance(5)
    server.cancel(alice, a)
    server.receive(alice, [wantBlock(a.cid, { sendDontHave: true })])
    server.clock.advance(5)
    server.store.add(a)
    server.clock.advance(5)
    expect(words(server.sendAll(), a)).toEqual(['block a'])
  })
})

describe('a fast store', () => {
  /** How often each operation is asked for when the blocks are wanted, twenty after twenty. */
  const calls = (byteLength: number, delayMs = 0) => {
    const counts = { has: 0, size: 0, get: 0, put: 0 }
    const blocks = manyBlocks(40, 'fast', byteLength)
    const server = serving({
      blocks,
      delayMs: (operation) => {
        counts[operation] += 1
        return delayMs
      },
    })
    for (const twenty of [blocks.slice(0, 20), blocks.slice(20)]) {
      server.want(alice, ...twenty)
      server.clock.runUntilIdle()
      expect(words(server.sendAll())).toHaveLength(20)
    }
    return counts
  }

  it('is asked once for a small block, as soon as it is known to be fast', () => {
    expect(calls(100)).toMatchObject({ has: 20, get: 40 })
  })

  it('is not read before there is room for what it gives, if that is large or slow', () => {
    expect(calls(5_000)).toMatchObject({ has: 40, get: 40 })
    expect(calls(100, 10)).toMatchObject({ has: 40, get: 40 })
  })
})
