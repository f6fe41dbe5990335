import type { PeerId } from '@libp2p/interface'
import { CID } from 'multiformats/cid'
import { create as digestOf } from 'multiformats/hashes/digest'
import { describe, expect, it } from 'vitest'
import type { Block } from '../../src/message/message.ts'
import { alice, block, bob, serving, wantBlock, wantHave, words } from './serving.ts'

const a = block('a')
const large = block('large', 2_000)

const notify = (server: ReturnType<typeof serving>, ...blocks: readonly Block[]): void =>
  server.hear({ type: 'notify', cids: blocks.map(({ cid }) => cid) })

describe('notify', () => {
  it('sends a block that turned up to all who wait for it', () => {
    const server = serving()
    server.receive(alice, [wantBlock(a.cid, { sendDontHave: true }), wantBlock(large.cid)])
    server.receive(bob, [wantHave(a.cid), wantHave(large.cid)])
    expect(words(server.sendAll(), a)).toEqual(['dont-have a'])
    server.store.add(a)
    server.store.add(large)
    notify(server, a, large)
    const sent = server.sendAll()
    const sentTo = (peer: PeerId) => sent.filter((delta) => delta.peer === peer)
    expect(words(sentTo(alice), a, large)).toEqual(['block a', 'block b'])
    expect(words(sentTo(bob), a, large)).toEqual(['block a', 'have b'])
    expect(server.wants(alice)).toEqual([])
    expect(server.wants(bob)).toEqual([])
    expect(server.clock.pending).toBe(0)
  })

  it('may come before the put', () => {
    const server = serving()
    server.receive(alice, [wantBlock(a.cid, { sendDontHave: true })])
    server.sendAll()
    notify(server, a)
    expect(server.takeDeltas()).toEqual([])
    server.clock.advance(5)
    server.store.add(a)
    server.clock.advance(5)
    expect(server.takeDeltas()).toEqual([])
    server.clock.advance(1)
    expect(words(server.takeDeltas(), a)).toEqual(['block a'])
    expect(server.clock.pending).toBe(0)
  })

  it('serves wants that come between it and the put', () => {
    const server = serving()
    notify(server, a)
    expect(server.clock.pending).toBe(0)
    server.clock.advance(100)
    server.want(alice, a)
    server.store.add(a)
    server.clock.advance(1)
    expect(words(server.takeDeltas(), a)).toEqual(['block a'])
    expect(server.clock.pending).toBe(0)
  })

  it('serves a want that is being looked up when it comes', () => {
    const server = serving({ delayMs: (operation) => operation === 'has' ? 10 : 0 })
    server.want(alice, a)
    server.clock.advance(5)
    notify(server, a)
    server.clock.advance(6)
    server.store.add(a)
    server.clock.advance(10)
    expect(words(server.takeDeltas(), a)).toEqual(['block a'])
  })

  it('is not needed for a block we fetched, whenever it is stored', () => {
    for (const waitMs of [5, 20]) {
      const server = serving({ delayMs: (operation) => operation === 'has' ? 10 : 0 })
      server.want(alice, a)
      server.clock.advance(waitMs)
      server.received(bob, a)
      server.clock.advance(6)
      server.store.add(a)
      server.clock.advance(10)
      expect(words(server.takeDeltas(), a)).toEqual(['block a'])
      expect(server.clock.pending).toBe(0)
    }
  })

  it('gives up when the block does not come, or nobody waits any more', () => {
    const server = serving()
    server.want(alice, a)
    notify(server, a)
    server.clock.runUntilIdle()
    expect(server.clock.now()).toBe(36_311)
    server.store.add(a)
    expect(server.takeDeltas()).toEqual([])
    notify(server, a)
    expect(words(server.sendAll(), a)).toEqual(['block a'])
    server.store.remove(a.cid)
    server.want(alice, a)
    notify(server, a)
    server.cancel(alice, a)
    server.clock.advance(60)
    expect(server.clock.pending).toBe(0)
  })

  it('is not begun again by every want that comes meanwhile', () => {
    let asked = 0
    const server = serving({
      fail: () => {
        asked += 1
        return undefined
      },
    })
    server.want(alice, a)
    notify(server, a)
    server.clock.advance(5)
    server.want(bob, a)
    const before = asked
    server.clock.advance(5)
    expect(asked).toBe(before)
  })

  it('is forgotten after a while, and when many others followed', () => {
    const server = serving()
    notify(server, a)
    server.clock.advance(36_312)
    server.want(alice, a)
    expect(server.clock.pending).toBe(0)
    const digests = Array.from({ length: 16_385 }, (_, index) => Uint8Array.of(index, index >> 8))
    const cids = digests.map((digest) => CID.createV1(0x55, digestOf(0x12, digest)))
    server.hear({ type: 'notify', cids })
    server.receive(alice, [wantBlock(cids[0] as CID)])
    expect(server.clock.pending).toBe(0)
    server.receive(alice, [wantBlock(cids.at(-8_192) as CID)])
    expect(server.clock.pending).toBe(1)
  })

  it('says nothing of a block that is still absent', () => {
    const server = serving()
    server.receive(alice, [wantBlock(a.cid, { sendDontHave: true })])
    expect(words(server.sendAll(), a)).toEqual(['dont-have a'])
    notify(server, a)
    server.clock.runUntilIdle()
    expect(server.takeDeltas()).toEqual([])
  })

  it('leaves a peer that asks meanwhile its DONT_HAVE', () => {
    const server = serving({ delayMs: (operation) => operation === 'has' ? 10 : 0 })
    server.want(alice, a)
    server.clock.advance(10)
    notify(server, a)
    server.receive(alice, [wantBlock(a.cid, { sendDontHave: true })])
    server.clock.advance(10)
    expect(words(server.takeDeltas(), a)).toEqual(['dont-have a'])
  })

  it('reads nothing for a block that nobody wants', () => {
    let reads = 0
    const server = serving({
      fail: () => {
        reads += 1
        return undefined
      },
    })
    notify(server, a, large)
    expect(reads).toBe(0)
    expect(server.clock.pending).toBe(0)
  })
})
