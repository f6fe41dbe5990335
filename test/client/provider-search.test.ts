import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import { defer, EMPTY, finalize, from, NEVER, type Observable, of, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Providers } from '../../src/ports.ts'
import { simulatedBlock } from '../../src/testing/simulated-block.ts'
import { simulatedPeerId } from '../../src/testing/simulated-peer-id.ts'
import { blocks, log, swarm } from './swarm.ts'

const cids = blocks(...Array.from({ length: 20 }, (_, n) => `x${n}`))
const all = Object.values(cids).map(({ cid }) => cid)
const [x] = all
if (x === undefined) throw new Error('no block')

const setup = (find: (cid: CID) => Observable<PeerId>) => {
  const s = swarm({ latencyMs: 10 }, cids)
  const searched: CID[] = []
  const searches = { running: 0, most: 0 }
  const providers: Providers = {
    findProviders: (cid) => defer(() => {
      searched.push(cid)
      searches.running += 1
      searches.most = Math.max(searches.most, searches.running)
      return find(cid)
    }).pipe(finalize(() => { searches.running -= 1 })),
  }
  const me = s.node('me', {}, {}, providers)
  const holder = s.node('A', {}, { blocks: Object.values(cids) })
  return { ...s, me, holder, searched, searches }
}

describe('the provider search', () => {
  it('finds and dials a peer for what no connected peer has', () => {
    const { clock, me, searched } = setup(() => of(simulatedPeerId('A')))
    const arrival = log<unknown>(() => 'block')
    me.exchange.want(x).subscribe(arrival.observer)
    clock.advance(500)
    expect(arrival.lines).toEqual(['block', 'complete'])
    expect(searched).toHaveLength(1)
  })

  it('asks nobody while a connected peer has it', () => {
    const { clock, me, holder, searched, link } = setup(() => NEVER)
    link(me, holder)
    me.exchange.want(x).subscribe()
    clock.advance(500)
    expect(searched).toEqual([])
  })

  it('searches for at most eight at a time, for each once, and for ten seconds at most', () => {
    const { clock, me, searched, searches } = setup(() => NEVER)
    for (const cid of all) me.exchange.want(cid).subscribe()
    clock.advance(9_999)
    expect(searches.most).toBe(8)
    expect(searched).toHaveLength(8)
    clock.advance(20_000)
    expect(searched).toHaveLength(20)
  })

  it('survives thousands of searches that end at once', () => {
    let found = 0
    const { clock, me, searched } = setup(() => {
      found += 1
      return found > 8 ? EMPTY : NEVER
    })
    const wanted = Array.from({ length: 5_000 }, (_, n) => simulatedBlock(`n${n}`).cid)
    for (const cid of wanted) me.exchange.want(cid).subscribe()
    // The first eight end, and with them all that waited.
    clock.advance(20_000)
    expect(searched).toHaveLength(5_000)
  })

  it('ends with its want', () => {
    const { clock, me, searches } = setup(() => NEVER)
    const want = me.exchange.want(x).subscribe()
    clock.advance(100)
    expect(searches.running).toBe(1)
    want.unsubscribe()
    clock.advance(100)
    expect(searches.running).toBe(0)
    expect(clock.pending).toBe(0)
  })

  it('ends with the node', async () => {
    const { clock, me, searches } = setup(() => NEVER)
    me.exchange.want(x).subscribe()
    clock.advance(100)
    const stopped = me.exchange.stop()
    clock.advance(2_000)
    await stopped
    expect(searches.running).toBe(0)
  })

  it('survives a routing system that throws', () => {
    const s = swarm({ latencyMs: 10 }, cids)
    let calls = 0
    const me = s.node('me', {}, {}, {
      findProviders: () => {
        calls += 1
        throw new Error('no route')
      },
    })
    for (const cid of all.slice(0, 3)) me.exchange.want(cid).subscribe()
    s.clock.advance(100)
    expect(calls).toBe(3)
  })

  it('survives a routing system that fails and providers out of reach', () => {
    const found = [simulatedPeerId('nowhere'), simulatedPeerId('A')]
    const { clock, me } = setup((cid) =>
      cid.equals(x) ? from(found) : throwError(() => new Error('no route')))
    const arrival = log<unknown>(() => 'block')
    me.exchange.want(all[1] ?? x).subscribe(arrival.observer)
    me.exchange.want(x).subscribe(arrival.observer)
    clock.advance(1_000)
    expect(arrival.lines).toEqual(['block', 'complete', 'block', 'complete'])
  })
})
