import { describe, expect, it } from 'vitest'
import { multihashKey } from '../../src/message/keys.ts'
import type { Block, WantEntry } from '../../src/message/message.ts'
import { alice, block, keysOfBlocks, manyBlocks, serving, wantBlock, words } from './serving.ts'

const limit = { maxWantlistEntries: 4 }
const held = manyBlocks(8, 'held')
const lacking = manyBlocks(8, 'lacking')

/** Nothing is sent, so that wants whose blocks we have stay in the ledger. */
const unsent = (options: Partial<{ maxWantlistEntries: number }> = limit) =>
  serving({ blocks: held, options: { ...options, maxOutstandingBytesPerPeer: 0 } })

const wants = (blocks: readonly Block[], over: Partial<WantEntry> = {}): WantEntry[] =>
  blocks.map(({ cid }) => wantBlock(cid, over))

const keys = (entries: readonly { cid: Block['cid'] }[]): Set<string> =>
  new Set(entries.map(({ cid }) => multihashKey(cid)))

describe('a ledger', () => {
  it('grows to its limit and not past it', () => {
    for (const blocks of [held, lacking]) {
      const server = unsent()
      server.receive(alice, wants(blocks.slice(0, 3)))
      expect(server.wants(alice)).toHaveLength(3)
      server.receive(alice, wants(blocks.slice(3)))
      expect(server.wants(alice)).toHaveLength(4)
      server.receive(alice, wants(blocks), true)
      expect(server.wants(alice)).toHaveLength(4)
    }
  })

  it('full of wants whose blocks we lack yields to those we have, whatever their priority', () => {
    const server = unsent()
    server.receive(alice, wants(lacking.slice(0, 4), { priority: 9 }))
    server.receive(alice, wants(held.slice(0, 4)))
    expect(keys(server.wants(alice))).toEqual(keys(held.slice(0, 4)))
  })

  it('full of wants whose blocks we have does not yield to those we lack', () => {
    const server = unsent()
    server.receive(alice, wants(held.slice(0, 4)))
    server.receive(alice, wants(lacking.slice(0, 4), { priority: 9 }))
    expect(keys(server.wants(alice))).toEqual(keys(held.slice(0, 4)))
  })

  it('gives up the want of lowest priority for one of higher', () => {
    for (const blocks of [held, lacking]) {
      const server = unsent()
      const entries = blocks.map(({ cid }, index) => wantBlock(cid, { priority: index }))
      server.receive(alice, entries.slice(2, 6))
      server.receive(alice, [...entries.slice(0, 2), ...entries.slice(6)])
      expect(server.wants(alice).map(({ priority }) => priority).sort()).toEqual([4, 5, 6, 7])
    }
  })

  it('keeps the earlier of equals', () => {
    const server = unsent()
    server.receive(alice, wants(held))
    expect(keys(server.wants(alice))).toEqual(keys(held.slice(0, 4)))
  })

  it('has room again for a want in the place of another', () => {
    const server = unsent()
    server.receive(alice, wants(held.slice(0, 5)))
    server.cancel(alice, ...held.slice(0, 2))
    server.receive(alice, wants(lacking.slice(0, 2)))
    server.receive(alice, wants(held.slice(4, 6)))
    expect(keys(server.wants(alice))).toEqual(keys(held.slice(2, 6)))
  })
})

describe('a want that finds no room', () => {
  it('gets a DONT_HAVE if it asked for one', () => {
    const server = serving({ options: limit })
    server.receive(alice, wants(lacking.slice(0, 4)))
    server.receive(alice, wants(lacking.slice(4, 6), { sendDontHave: true }))
    server.receive(alice, wants(lacking.slice(6, 8)))
    expect(words(server.takeDeltas(), ...lacking)).toEqual(['dont-have e', 'dont-have f'])
  })

  it('gets a DONT_HAVE instead of the block that was queued, when it has to go', () => {
    const [small, ...others] = held
    const first = block('first')
    const server = serving({
      blocks: [first, ...held],
      options: { maxWantlistEntries: 2, maxOutstandingBytesPerPeer: 1, targetEnvelopeBytes: 1 },
    })
    server.receive(alice, wants([first], { priority: 9 }))
    server.receive(alice, wants([small as Block], { sendDontHave: true }))
    server.receive(alice, wants(others.slice(0, 1), { priority: 5 }))
    expect(words(server.sendAll(), first, small as Block, ...others))
      .toEqual(['block a', 'block c', 'dont-have b'])
    expect(server.wants(alice)).toEqual([])
  })

  it('is not looked up when its list is more than twice what a ledger holds', () => {
    const looked: string[] = []
    const server = serving({
      options: limit,
      fail: (operation, cid) => {
        looked.push(multihashKey(cid))
        return undefined
      },
    })
    const list = manyBlocks(20).map(({ cid }, index) =>
      wantBlock(cid, { priority: index, sendDontHave: true }))
    server.receive(alice, list, true)
    expect(new Set(looked)).toEqual(keys(list.slice(12)))
    const refusals = server.takeDeltas().flatMap(({ presences = [] }) => presences)
    expect(refusals).toHaveLength(16)
  })
})

describe('a long wantlist', () => {
  it('of 2,048 wants, a third of them present, gets all that are present (boxo#527)', () => {
    const blocks = manyBlocks(2_048)
    const present = blocks.filter((_, index) => index % 3 === 1)
    for (const order of [1, 0, -1]) {
      const server = serving({ blocks: present })
      const entries = blocks.map(({ cid }, index) => wantBlock(cid, { priority: order * index }))
      server.receive(alice, entries)
      expect(new Set(keysOfBlocks(server.sendAll()))).toEqual(keys(present))
      expect(server.wants(alice).length).toBeLessThanOrEqual(1_024)
    }
  })

  it('that is full, of tens of thousands, in a loop, costs bounded memory', () => {
    const server = serving({ options: { ...limit, maxOutstandingBytesPerPeer: 0 } })
    const list = wants(manyBlocks(3_000), { sendDontHave: true })
    for (let round = 0; round < 3; round += 1) server.receive(alice, list.toReversed(), true)
    server.receive(alice, list)
    expect(server.wants(alice)).toHaveLength(4)
    expect(server.takeDeltas()).toEqual([])
  })
})
