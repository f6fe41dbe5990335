/** What peers, stores and applications do while an answer is on its way. */
import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { MAX_MESSAGE_BYTES } from '../../src/options.ts'
import { alice, block, manyBlocks, serving, wantBlock, wantHave, words } from './serving.ts'

const a = block('a')
const b = block('b')
const large = block('large', 5_000)

const slow = (...operations: readonly string[]) =>
  ({ delayMs: (operation: string) => operations.includes(operation) ? 5 : 0 })

describe('a peer that reads nothing', () => {
  const big = block('big', MAX_MESSAGE_BYTES / 4)

  it('gets no more by taking its wants back and renewing them', () => {
    const server = serving({ blocks: [big] })
    for (let codec = 0; codec < 100; codec++) {
      const cid = CID.createV1(0x300000 + codec, big.cid.multihash)
      server.receive(alice, [wantBlock(cid)])
      server.receive(alice, [{ type: 'cancel', cid }])
    }
    expect(words(server.takeDeltas(), big)).toEqual(['block a'])
  })

  it('is answered anew once the first answer has left', () => {
    const server = serving({ blocks: [big] })
    for (let n = 0; n < 3; n++) {
      server.want(alice, big)
      server.cancel(alice, big)
    }
    server.want(alice, big)
    expect(words(server.sendAll(), big)).toEqual(['block a', 'block a'])
  })
})

describe('a want that is repeated', () => {
  it('in a full list, while its block is on its way, is not served twice', () => {
    const server = serving({ blocks: [a] })
    server.want(alice, a)
    const first = server.takeDeltas()
    server.receive(alice, [wantBlock(a.cid)], true)
    first.forEach(server.sent)
    expect(words([...first, ...server.sendAll()], a)).toEqual(['block a'])
  })

  it.each([false, true])('and looked up again is served by what is sent, full: %s', (full) => {
    const server = serving({ blocks: [large], ...slow('has') })
    server.want(alice, large)
    server.clock.advance(5)
    const first = server.takeDeltas()
    server.receive(alice, [wantBlock(large.cid)], full)
    first.forEach(server.sent)
    server.clock.advance(5)
    expect(words([...first, ...server.sendAll()], large)).toEqual(['block a'])
  })

  it('in a full list, and left out of the next while it is looked up, is not served', () => {
    const server = serving({ blocks: [a], ...slow('get', 'has') })
    server.want(alice, a)
    server.clock.advance(5)
    server.receive(alice, [wantBlock(a.cid)], true)
    server.receive(alice, [], true)
    server.clock.advance(5)
    expect(server.sendAll()).toEqual([])
  })

  it('while it is looked up is not refused for want of room', () => {
    const blocks = manyBlocks(6)
    const server = serving({ blocks, ...slow('has'), options: { maxWantlistEntries: 4 } })
    const list = blocks.map(({ cid }) => wantBlock(cid, { sendDontHave: true }))
    server.receive(alice, list)
    server.receive(alice, list)
    expect(server.sendAll()).toEqual([])
  })

  it('while it is looked up may not take back that a DONT_HAVE was asked for', () => {
    const server = serving(slow('has', 'size'))
    server.receive(alice, [wantBlock(a.cid, { sendDontHave: true })])
    server.receive(alice, [wantHave(a.cid)])
    server.clock.advance(5)
    expect(words(server.sendAll(), a)).toEqual(['dont-have a'])
  })

  it('while its block is read may ask for a DONT_HAVE', () => {
    const server = serving({ blocks: [a], ...slow('get') })
    server.want(alice, a)
    server.receive(alice, [wantBlock(a.cid, { sendDontHave: true })])
    server.store.remove(a.cid)
    server.clock.runUntilIdle()
    expect(words(server.sendAll(), a)).toEqual(['dont-have a'])
  })
})

describe('a block that is being read', () => {
  it('is sent though its want had to make room for another', () => {
    const options = { maxWantlistEntries: 1 }
    const server = serving({ blocks: [a, b], ...slow('get'), options })
    server.receive(alice, [wantBlock(a.cid, { sendDontHave: true })])
    server.receive(alice, [wantBlock(b.cid, { sendDontHave: true, priority: 5 })])
    server.clock.advance(50)
    expect(words(server.sendAll(), a, b).toSorted()).toEqual(['block a', 'block b'])
  })

  it('and is gone is sent once it is there again, if that was announced meanwhile', () => {
    const server = serving({ blocks: [a], ...slow('get') })
    server.want(alice, a)
    server.store.remove(a.cid)
    server.clock.advance(4)
    server.hear({ type: 'notify', cids: [a.cid] })
    server.clock.advance(2)
    server.store.add(a)
    server.clock.runUntilIdle()
    expect(words(server.sendAll(), a)).toEqual(['block a'])
  })
})

it('a HAVE that fails after a DONT_HAVE was sent leaves its want waiting', () => {
  const server = serving()
  server.receive(alice, [wantHave(large.cid, { sendDontHave: true })])
  const [dontHave] = server.takeDeltas()
  server.store.add(large)
  server.hear({ type: 'notify', cids: [large.cid] })
  const [have] = server.takeDeltas()
  expect(words([dontHave!, have!], large)).toEqual(['dont-have a', 'have a'])
  server.sent(dontHave!)
  server.sendFailed(have!)
  expect(server.wants(alice)).toHaveLength(1)
})

it('a HAVE that became a block counts as a block in what is pending', () => {
  const [x, y, z] = manyBlocks(3, 'x', 5_000)
  const options = { maxOutstandingBytesPerPeer: 1, targetEnvelopeBytes: 1 }
  const server = serving({ blocks: [x!, y!, z!], options })
  server.want(alice, x!)
  server.receive(alice, [wantBlock(z!.cid, { priority: 9 }), wantHave(y!.cid)])
  server.want(alice, y!)
  server.takeDeltas().forEach(server.sent)
  expect(server.takeDeltas()).toMatchObject([{ blocks: [{ cid: z!.cid }], pendingBytes: 5_000 }])
})

describe('a block that no message can carry', () => {
  const huge = block('huge', MAX_MESSAGE_BYTES)

  it.each(['want-have', 'want-block'] as const)('is neither promised nor sent to a %s', (type) => {
    const server = serving({ blocks: [huge] })
    server.receive(alice, [wantBlock(huge.cid, { type, sendDontHave: true })])
    expect(server.sendAll()).toEqual([])
    expect(server.errors).toEqual([
      `The blockstore could not read ${huge.cid}: its 4194304 bytes do not fit in a message`,
    ])
  })
})
