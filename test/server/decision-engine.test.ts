import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { alice, block, bob, manyBlocks, serving, wantBlock, wantHave, words } from './serving.ts'

const a = block('a')
const b = block('b')
const c = block('c')
const large = block('large', 2_000)
const empty = block('empty', 0)

/** An envelope holds one block, and none leaves before the one before it was sent. */
const oneByOne = { maxOutstandingBytesPerPeer: 1, targetEnvelopeBytes: 1 }

describe('a wantlist', () => {
  it('is answered in the call that brings it', () => {
    const server = serving({ blocks: [a, b, large] })
    server.receive(alice, [
      wantBlock(a.cid),
      wantHave(large.cid),
      wantHave(b.cid),
      wantBlock(c.cid, { sendDontHave: true }),
    ])
    expect(words(server.takeDeltas(), a, b, c, large))
      .toEqual(['block a', 'block b', 'have d', 'dont-have c'])
  })

  it('is met with silence for absent blocks unless the peer asked to be told', () => {
    const server = serving()
    server.receive(alice, [wantBlock(a.cid), wantHave(b.cid)])
    expect(server.takeDeltas()).toEqual([])
    expect(server.wants(alice)).toHaveLength(2)
  })

  it('gets a block of up to 1,024 bytes where a HAVE was asked for', () => {
    const [small, over] = [block('small', 1_024), block('over', 1_025)]
    const server = serving({ blocks: [small, over] })
    server.receive(alice, [wantHave(small.cid), wantHave(over.cid)])
    expect(words(server.takeDeltas(), small, over)).toEqual(['block a', 'have b'])
  })

  it('finds an empty block present', () => {
    const server = serving({ blocks: [empty] })
    server.receive(alice, [wantHave(empty.cid, { sendDontHave: true })])
    expect(words(server.takeDeltas(), empty)).toEqual(['block a'])
    server.receive(bob, [wantBlock(empty.cid, { sendDontHave: true })])
    expect(words(server.takeDeltas(), empty)).toEqual(['block a'])
  })

  it('is served by priority, then in the order of arrival', () => {
    const server = serving({ blocks: [a, b, c] })
    server.receive(alice, [
      wantBlock(a.cid, { priority: 1 }),
      wantBlock(b.cid, { priority: 7 }),
      wantBlock(c.cid, { priority: 1 }),
    ])
    expect(words(server.takeDeltas(), a, b, c)).toEqual(['block b', 'block a', 'block c'])
  })

  it('may be empty', () => {
    const server = serving()
    server.receive(alice, [])
    expect(server.ledgerOutputs).toBe(0)
  })

  it('replaces what was held when it is full, queued tasks too', () => {
    const server = serving({ blocks: [a, b, c], options: oneByOne })
    server.receive(alice, [wantBlock(a.cid), wantBlock(b.cid)])
    server.receive(alice, [wantBlock(c.cid)], true)
    expect(server.wants(alice).map(({ cid }) => cid)).toEqual([c.cid])
    expect(words(server.sendAll(), a, b, c)).toEqual(['block a', 'block c'])
  })

  it('counts the same block under two CIDs as one want', () => {
    const server = serving({ blocks: [a] })
    const other = CID.createV1(0x70, a.cid.multihash)
    server.receive(alice, [wantBlock(a.cid), wantBlock(other)])
    expect(words(server.takeDeltas(), a)).toEqual(['block a'])
  })
})

describe('a served want', () => {
  it('stays in the ledger until its block was sent', () => {
    const server = serving({ blocks: [a] })
    server.want(alice, a)
    expect(server.wants(alice)).toHaveLength(1)
    server.sendAll()
    expect(server.wants(alice)).toHaveLength(0)
    expect(server.ledger(alice)).toMatchObject({ sentBytes: 100, exchangedBlocks: 1 })
  })

  it('is not sent twice when repeated before that, and is served again when repeated after', () => {
    const server = serving({ blocks: [a] })
    server.want(alice, a)
    server.want(alice, a)
    expect(words(server.sendAll(), a)).toEqual(['block a'])
    server.want(alice, a)
    expect(words(server.sendAll(), a)).toEqual(['block a'])
  })

  it('is served again when it was cancelled and wanted anew while its block was on the way', () => {
    const server = serving({ blocks: [a], options: { maxOutstandingBytesPerPeer: 1 } })
    server.want(alice, a)
    const first = server.takeDeltas()
    server.cancel(alice, a)
    server.want(alice, a)
    first.forEach(server.sent)
    expect(server.wants(alice)).toHaveLength(1)
    expect(words(server.sendAll(), a)).toEqual(['block a'])
    expect(server.wants(alice)).toHaveLength(0)
  })

  it('is over with a HAVE only if it was a want-have', () => {
    const server = serving({ blocks: [large] })
    server.receive(alice, [wantHave(large.cid)])
    const have = server.takeDeltas()
    server.want(alice, large)
    have.forEach(server.sent)
    expect(words(server.takeDeltas(), large)).toEqual(['block a'])
    expect(server.wants(alice).map(({ type }) => type)).toEqual(['want-block'])
    server.receive(bob, [wantHave(large.cid)])
    server.sendAll()
    expect(server.wants(bob)).toHaveLength(0)
  })

  it('waits in the ledger when its block could not be sent', () => {
    const server = serving({ blocks: [a, large] })
    server.receive(alice, [wantBlock(a.cid), wantHave(large.cid)])
    server.takeDeltas().forEach(server.sendFailed)
    expect(server.ledger(alice)).toMatchObject({ sentBytes: 0, exchangedBlocks: 0 })
    expect(server.wants(alice)).toHaveLength(2)
    expect(server.takeDeltas()).toEqual([])
    server.want(alice, a)
    server.hear({ type: 'notify', cids: [large.cid] })
    expect(words(server.sendAll(), a, large)).toEqual(['block a', 'have b'])
    expect(server.wants(alice)).toHaveLength(0)
  })
})

describe('a cancel', () => {
  it('takes the want out of the ledger and the queue', () => {
    const server = serving({ blocks: [a, b], options: oneByOne })
    server.want(alice, a, b)
    server.cancel(alice, b)
    expect(server.wants(alice).map(({ cid }) => cid)).toEqual([a.cid])
    expect(words(server.sendAll(), a, b)).toEqual(['block a'])
  })

  it('comes before the wants of the same message, so that it makes room', () => {
    const server = serving({ blocks: [a, b], options: { maxWantlistEntries: 1 } })
    server.want(alice, a)
    server.receive(alice, [wantBlock(b.cid), { type: 'cancel', cid: a.cid }])
    expect(server.wants(alice).map(({ cid }) => cid)).toEqual([b.cid])
  })

  it('of a block that is being read keeps it from being sent', () => {
    const server = serving({ blocks: [a], delayMs: (operation) => operation === 'get' ? 5 : 0 })
    server.want(alice, a)
    server.cancel(alice, a)
    server.clock.advance(5)
    expect(server.takeDeltas()).toEqual([])
    server.want(alice, a)
    server.clock.advance(5)
    expect(words(server.takeDeltas(), a)).toEqual(['block a'])
  })

  it('of an unknown want is nothing', () => {
    const server = serving()
    server.cancel(alice, a)
    expect(server.ledgerOutputs).toBe(0)
  })
})

describe('a peer', () => {
  it('that is not up is not heard', () => {
    const server = serving({ blocks: [a] })
    server.down(alice)
    server.want(alice, a)
    expect(server.takeDeltas()).toEqual([])
    server.up(alice)
    expect(server.wants(alice)).toEqual([])
    server.want(alice, a)
    expect(words(server.takeDeltas(), a)).toEqual(['block a'])
  })

  it('that is gone leaves nothing behind', () => {
    const server = serving({ blocks: [a, b], options: oneByOne })
    server.want(alice, a, b, c)
    const first = server.takeDeltas()
    server.down(alice)
    expect(server.wants(alice)).toEqual([])
    first.forEach(server.sent)
    server.store.add(c)
    server.hear({ type: 'notify', cids: [c.cid] })
    server.received(alice, a)
    expect(server.takeDeltas()).toEqual([])
    server.up(alice)
    server.want(alice, b)
    expect(words(server.takeDeltas(), a, b, c)).toEqual(['block b'])
    expect(server.ledger(alice)).toMatchObject({ sentBytes: 0, receivedBytes: 0 })
  })

  it('that is gone is not sent what was being looked up or read', () => {
    const server = serving({ blocks: [a], delayMs: () => 5 })
    server.want(alice, a)
    server.down(alice)
    server.up(alice)
    server.clock.advance(20)
    server.want(bob, a)
    server.clock.advance(5)
    server.down(bob)
    server.clock.advance(20)
    expect(server.takeDeltas()).toEqual([])
  })

  it('that comes and goes ten thousand times costs nothing', () => {
    const delayMs = (_: unknown, cid: CID): number => cid === a.cid ? 1 : 0
    const server = serving({ blocks: [b], delayMs })
    for (let round = 0; round < 10_000; round += 1) {
      server.up(alice)
      server.want(alice, a, b, c)
      server.takeDeltas()
      server.down(alice)
    }
    server.clock.runUntilIdle()
    expect(server.clock.pending).toBe(0)
    server.up(alice)
    server.want(alice, b)
    for (const each of [a, c]) server.store.add(each)
    server.hear({ type: 'notify', cids: [a.cid, c.cid] })
    expect(words(server.takeDeltas(), a, b, c)).toEqual(['block b'])
    expect(server.ledger(alice)?.wants.size).toBe(1)
  })

  it('and we agree on what was traded after a thousand messages', () => {
    const blocks = manyBlocks(1_000)
    const [here, there] = [serving({ blocks }), serving({ blocks })]
    for (const { cid } of blocks) {
      here.receive(bob, [wantBlock(cid)])
      there.receive(alice, [wantBlock(cid)])
      for (const { blocks: sent = [] } of here.sendAll()) {
        for (const received of sent) there.received(alice, received)
      }
      for (const { blocks: sent = [] } of there.sendAll()) {
        for (const received of sent) here.received(bob, received)
      }
    }
    const traded = { sentBytes: 100_000, receivedBytes: 100_000, exchangedBlocks: 2_000 }
    expect(here.ledger(bob)).toMatchObject(traded)
    expect(there.ledger(alice)).toMatchObject(traded)
  })

  it('is credited for the blocks it sent us', () => {
    const server = serving()
    server.received(alice, block('received', 300))
    expect(server.ledger(alice)).toMatchObject({ receivedBytes: 300, exchangedBlocks: 1 })
  })

  it('has one ledger output for each input that changes it', () => {
    const server = serving({ blocks: [a, b] })
    expect(server.ledgerOutputs).toBe(0)
    server.want(alice, a, b)
    expect(server.ledgerOutputs).toBe(1)
    server.sendAll()
    expect(server.ledgerOutputs).toBe(2)
    server.down(alice)
    expect(server.ledgerOutputs).toBe(3)
    expect(server.ledger(alice)?.wants.size).toBe(0)
  })
})

describe('the store', () => {
  it('that lost a block meanwhile makes it a DONT_HAVE, and the want a subscription', () => {
    const server = serving({ blocks: [a, b], delayMs: (operation) => operation === 'get' ? 5 : 0 })
    server.receive(alice, [wantBlock(a.cid, { sendDontHave: true }), wantBlock(b.cid)])
    server.store.remove(a.cid)
    server.store.remove(b.cid)
    server.clock.advance(20)
    expect(words(server.sendAll(), a, b)).toEqual(['dont-have a'])
    server.store.add(b)
    server.hear({ type: 'notify', cids: [b.cid] })
    server.clock.advance(20)
    expect(words(server.sendAll(), a, b)).toEqual(['block b'])
    expect(server.wants(alice).map(({ cid }) => cid)).toEqual([a.cid])
  })

  it('that fails strands no want and is not taken for a lack', () => {
    let failing = new Set(['has', 'get'])
    const server = serving({
      blocks: [a, b],
      fail: (operation) => failing.has(operation) ? new Error('disk on fire') : undefined,
    })
    server.receive(alice, [wantBlock(a.cid, { sendDontHave: true })])
    failing = new Set(['get'])
    server.receive(alice, [wantBlock(b.cid, { sendDontHave: true })])
    expect(server.takeDeltas()).toEqual([])
    expect(server.wants(alice)).toHaveLength(2)
    expect(server.errors).toHaveLength(2)
    expect(server.errors[0]).toContain('disk on fire')
    failing = new Set()
    server.want(alice, a)
    server.hear({ type: 'notify', cids: [b.cid] })
    expect(words(server.sendAll(), a, b)).toEqual(['block a', 'block b'])
  })
})

describe('the engine', () => {
  it('completes with its input and leaves no timer', () => {
    const server = serving({ delayMs: () => 5 })
    server.want(alice, a)
    server.clock.advance(5)
    server.hear({ type: 'notify', cids: [a.cid] })
    expect(server.clock.pending).toBeGreaterThan(0)
    server.input$.complete()
    expect(server.ended).toBe('complete')
    expect(server.clock.pending).toBe(0)
  })

  it('sends a block at a time when an envelope is to hold none', () => {
    const server = serving({ blocks: [a, b], options: { targetEnvelopeBytes: 0 } })
    server.want(alice, a, b)
    expect(server.sendAll().map(({ blocks }) => blocks?.length)).toEqual([1, 1])
  })

  it('stops reads and timers when nobody listens any more', () => {
    const server = serving({ delayMs: () => 5 })
    server.want(alice, a)
    server.hear({ type: 'notify', cids: [b.cid] })
    server.subscription.unsubscribe()
    expect(server.clock.pending).toBe(0)
    expect(server.input$.observed).toBe(false)
  })
})
