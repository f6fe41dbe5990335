/**
 * The fifteen defects that were shown in @helia/bitswap 4.0.19 on real connections: each has a test
 * here that would fail for it.
 */
import { MemoryBlockstore } from 'blockstore-core'
import type { CID } from 'multiformats/cid'
import { filter, firstValueFrom, interval, lastValueFrom, map, mergeAll, of, take, takeUntil, tap, timer, toArray } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import { NotFoundError } from '../../src/errors.ts'
import { split } from '../../src/message/split.ts'
import {
  blockOf, blocksOf, cidsOf, connect, give, startNode, type TestNode, wantedAt,
} from './nodes.ts'
import { blockBody, startRawPeer } from './raw-peer.ts'

const pair = async (blockstore?: MemoryBlockstore): Promise<[TestNode, TestNode]> => {
  const nodes = await Promise.all([startNode(), startNode({}, blockstore)])
  await connect(...nodes)
  return nodes
}

describe('defects of the incumbent', () => {
  it('D1: a cancel leaves the client', async () => {
    const [a, b] = await pair()
    const { cid } = await blockOf('x')
    const want = a.exchange.want(cid).subscribe()
    await wantedAt(b, a, 1)
    want.unsubscribe()
    await wantedAt(b, a, 0)
  })

  it('D2: a block put while somebody waits is sent, announced before or after', async () => {
    const [a, b] = await pair()
    const block = await blockOf('x')
    const arrival = firstValueFrom(a.exchange.want(block.cid))
    await wantedAt(b, a, 1)
    b.exchange.notify([block.cid])
    await give(b, [block])
    expect((await arrival).bytes).toEqual(block.bytes)
  })

  it('D3, D4: 20,000 wants at once all complete', async () => {
    const [a, b] = await pair()
    const blocks = await blocksOf('x', 20_000, 40)
    await give(b, blocks)
    const wants = blocks.map(({ cid }) => a.exchange.want(cid))
    expect(await lastValueFrom(of(...wants).pipe(mergeAll(), toArray()))).toHaveLength(20_000)
  }, 60_000)

  it('D5: an identity block is not taken for one whose digest it spells', async () => {
    const a = await startNode()
    const { cid, bytes } = await blockOf('x')
    const liar = await startRawPeer((message, peer) => {
      if (message.wantlist.entries.length === 0) return
      void peer.send(a, blockBody([1, 0x55, 0x00, 32], cid.multihash.digest))
        .then(() => peer.send(a, blockBody([1, 0x55, 0x12, 32], bytes)))
    })
    await liar.connect(a)
    expect((await firstValueFrom(a.exchange.want(cid))).bytes).toEqual(bytes)
    expect(a.events.filter(({ type }) => type === 'unwanted-block')).toHaveLength(1)
  })

  it('D6: one of two callers leaves, the other is served; so is who retries at once', async () => {
    const [a, b] = await pair()
    const block = await blockOf('x')
    const leaver = a.exchange.want(block.cid).subscribe()
    const stayer = firstValueFrom(a.exchange.want(block.cid))
    await wantedAt(b, a, 1)
    leaver.unsubscribe()
    await give(b, [block])
    b.exchange.notify([block.cid])
    expect((await stayer).bytes).toEqual(block.bytes)

    const other = await blockOf('y')
    a.exchange.want(other.cid).subscribe().unsubscribe()
    const retry = firstValueFrom(a.exchange.want(other.cid))
    await give(b, [other])
    b.exchange.notify([other.cid])
    expect((await retry).bytes).toEqual(other.bytes)
  })

  it('D7: a send that fails is made good', async () => {
    const [a, b] = await pair()
    const block = await blockOf('x')
    await give(b, [block])
    for (const connection of a.libp2p.getConnections()) {
      vi.spyOn(connection, 'newStream').mockRejectedValueOnce(new Error('the stream was reset'))
    }
    expect((await firstValueFrom(a.exchange.want(block.cid))).bytes).toEqual(block.bytes)
  })

  it('D8: a split full wantlist is full once, and a block too large does not loop', async () => {
    const blocks = await blocksOf('x', 3, 3 * 1024 * 1024)
    const [first, ...others] = split({
      wantlist: { entries: [{ type: 'cancel', cid: (await blockOf('y')).cid }], full: true },
      blocks,
      presences: [],
      pendingBytes: 0,
    })
    expect(first?.wantlist.full).toBe(true)
    expect(others.length).toBeGreaterThan(1)
    expect(others.every(({ wantlist }) => !wantlist.full)).toBe(true)

    const [a, b] = await pair()
    const huge = await blockOf('huge', 4 * 1024 * 1024)
    const fine = await blockOf('fine')
    await give(b, [huge, fine])
    a.exchange.want(huge.cid).subscribe()
    expect((await firstValueFrom(a.exchange.want(fine.cid))).bytes).toEqual(fine.bytes)
  })

  it('D9: a block asked for again at once is sent again', async () => {
    const [a, b] = await pair()
    const block = await blockOf('x')
    await give(b, [block])
    await firstValueFrom(a.exchange.want(block.cid))
    await a.blockstore.delete(block.cid)
    expect((await firstValueFrom(a.exchange.want(block.cid))).bytes).toEqual(block.bytes)
  })

  it('D10: a want made while a peer is joining reaches it', async () => {
    const [a, b] = await Promise.all([startNode(), startNode()])
    const block = await blockOf('x')
    await give(b, [block])
    const dial = connect(a, b)
    const arrivals = Promise.all(Array.from({ length: 5 }, async (_, n) => {
      for (let turn = 0; turn < n * 3; turn += 1) await new Promise(setImmediate)
      return firstValueFrom(a.exchange.want(block.cid))
    }))
    await dial
    expect(await arrivals).toHaveLength(5)
  })

  it('D11: a store error strands no want', async () => {
    const failing = await blockOf('x')
    let broken = true
    class FlakyStore extends MemoryBlockstore {
      override get (cid: CID): ReturnType<MemoryBlockstore['get']> {
        if (broken && cid.equals(failing.cid)) throw new Error('EIO: i/o error')
        return super.get(cid)
      }
    }
    const [a, b] = await pair(new FlakyStore())
    const fine = await blockOf('fine')
    await give(b, [failing, fine])
    const arrival = firstValueFrom(a.exchange.want(failing.cid))
    expect((await firstValueFrom(a.exchange.want(fine.cid))).bytes).toEqual(fine.bytes)
    broken = false
    b.exchange.notify([failing.cid])
    expect((await arrival).bytes).toEqual(failing.bytes)
  })

  it('D12: the server reads blocks as it sends them, not all that are wanted', async () => {
    let read = 0
    class CountingStore extends MemoryBlockstore {
      override get (cid: CID): ReturnType<MemoryBlockstore['get']> {
        read += 1
        return super.get(cid)
      }
    }
    const [a, b] = await pair(new CountingStore())
    const blocks = await blocksOf('x', 200, 256 * 1024)
    await give(b, blocks)
    let sent = 0
    let ahead = 0
    b.exchange.sent$.subscribe(({ message }) => {
      sent += message.blocks.length
      ahead = Math.max(ahead, read - sent)
    })
    await lastValueFrom(a.exchange.retrieve(cidsOf(blocks), { concurrency: 200 }))
    expect(sent).toBe(200)
    expect(ahead).toBeLessThan(20)
  })

  it('D13: four holders send no duplicates', async () => {
    // However loaded the machine is, nobody counts as silent here.
    const patient = { client: { minDontHaveTimeoutMs: 7_000 } }
    const [a, ...holders] = await Promise.all(Array.from({ length: 5 }, () => startNode(patient)))
    if (a === undefined) throw new Error('no node')
    const blocks = await blocksOf('x', 100, 5_000)
    for (const holder of holders) {
      await give(holder, blocks)
      await connect(a, holder)
    }
    await lastValueFrom(a.exchange.retrieve(cidsOf(blocks)))
    const { blocksReceived } = await firstValueFrom(a.exchange.stats$)
    expect(blocksReceived).toBeLessThanOrEqual(105)
  })

  it('D14: callers of a session do not share a fate; a mute peer does not hang it', async () => {
    const a = await startNode({ client: { dontHaveTimeoutMs: 200 } })
    const mute = await startRawPeer()
    await mute.connect(a)
    const { cid } = await blockOf('x')
    const session = a.exchange.session({ peers: [mute.libp2p.peerId], discovery: false })
    const left$ = session.want(cid).pipe(takeUntil(timer(20)))
    const impatient = lastValueFrom(left$, { defaultValue: 'left' })
    const patient = firstValueFrom(session.want(cid)).catch((error: unknown) => error)
    expect(await impatient).toBe('left')
    expect(await patient).toBeInstanceOf(NotFoundError)
    expect(await patient).toMatchObject({ evidence: [{ verdict: 'timed-out' }] })
  })

  it('D15: wants that keep coming do not keep each other from leaving', async () => {
    const [a, b] = await pair()
    const blocks = await blocksOf('x', 300)
    await give(b, blocks)
    let wanted = 0
    const cid$ = interval(2).pipe(
      take(blocks.length),
      tap((n) => { wanted = n + 1 }),
      map((n) => blocks[n]?.cid),
      filter((cid) => cid !== undefined),
    )
    const wanted$ = a.exchange.retrieve(cid$).pipe(map(() => wanted))
    const arrived = await lastValueFrom(wanted$.pipe(toArray()))
    expect(arrived).toHaveLength(blocks.length)
    // A debounce of more than 2 ms would wait for the last of them.
    expect(arrived[0]).toBeLessThan(blocks.length)
  })
})
