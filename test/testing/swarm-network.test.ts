import type { PeerId } from '@libp2p/interface'
import { describe, expect, it } from 'vitest'
import type { OutgoingMessage } from '../../src/message/message.ts'
import type { Network } from '../../src/ports.ts'
import { simulatedBlock } from '../../src/testing/simulated-block.ts'
import { simulatedPeerId } from '../../src/testing/simulated-peer-id.ts'
import { observed } from '../../src/operators/now-or-later.ts'
import { swarmNetwork } from '../../src/testing/swarm-network.ts'
import type { SwarmNetwork } from '../../src/testing/swarm-network.ts'
import type { LinkOptions } from '../../src/testing/simulated-pipe.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'
import type { VirtualClock } from '../../src/testing/virtual-clock.ts'

const A = simulatedPeerId('A')
const B = simulatedPeerId('B')

const message = (byteLength: number): OutgoingMessage => ({
  wantlist: { entries: [], full: false },
  blocks: [simulatedBlock('x', byteLength)],
  presences: [],
  pendingBytes: 0,
})

/** What comes behind the last colon of an error's message. */
const reasonOf = (error: unknown): string => (error as Error).message.replace(/^.*: /, '')

interface Pair {
  readonly clock: VirtualClock
  readonly swarm: SwarmNetwork
  readonly a: Network
  readonly b: Network
  /** What B reads, and when. */
  readonly read: { at: number, byteLength: number }[]
  /** How A's writes end, and when. */
  readonly written: string[]
  write(byteLength: number, to?: PeerId): void
}

const pair = (link: Partial<LinkOptions> = {}): Pair => {
  const clock = virtualClock()
  const swarm = swarmNetwork({ clock, link })
  const a = swarm.join(A)
  const b = swarm.join(B)
  const read: Pair['read'] = []
  const written: string[] = []
  b.message$.subscribe(({ byteLength }) => read.push({ at: clock.now(), byteLength }))
  return {
    clock, swarm, a, b, read, written,
    write (byteLength, to = B) {
      observed(() => a.send(to, message(byteLength))).subscribe({
        error: (error: unknown) => written.push(`${reasonOf(error)} at ${clock.now()}`),
        complete: () => written.push(`done at ${clock.now()}`),
      })
    },
  }
}

describe('swarmNetwork', () => {
  it('tells both ends of a link that is made and cut', () => {
    const { swarm, a, b } = pair()
    const seen: string[] = []
    a.peer$.subscribe(({ type, peer }) => seen.push(`a: ${type} ${peer.equals(B) ? 'B' : 'A'}`))
    b.peer$.subscribe(({ type, peer }) => seen.push(`b: ${type} ${peer.equals(B) ? 'B' : 'A'}`))
    swarm.link(A, B)
    swarm.link(B, A)
    swarm.unlink(A, B)
    expect(seen).toEqual(['a: peer-up B', 'b: peer-up A', 'a: peer-down B', 'b: peer-down A'])
  })

  it.each(['up', 'down'])('keeps both ends of one mind when one acts on peer-%s', (when) => {
    const { swarm, a, b } = pair()
    const seen: string[] = []
    let acts = true
    a.peer$.subscribe(({ type }) => {
      seen.push(`a: ${type}`)
      if (!acts || type !== `peer-${when}`) return
      acts = false
      if (when === 'up') swarm.unlink(A, B)
      else swarm.link(A, B)
    })
    b.peer$.subscribe(({ type }) => seen.push(`b: ${type}`))
    swarm.link(A, B)
    if (when === 'down') swarm.unlink(A, B)
    expect(seen).toEqual(when === 'up'
      ? ['a: peer-up', 'a: peer-down']
      : ['a: peer-up', 'b: peer-up', 'a: peer-down', 'b: peer-down', 'a: peer-up', 'b: peer-up'])
  })

  it('is late by latency and by size over bandwidth, and keeps the order', () => {
    const latencies = [30, 1]
    const latencyMs = (): number => latencies.shift() ?? 0
    const { clock, swarm, read, write } = pair({ latencyMs, bytesPerSecond: 1_000_000 })
    swarm.link(A, B)
    write(5_000)
    write(1_000)
    clock.runUntilIdle()
    expect(read.map(({ byteLength }) => Math.round(byteLength / 1_000))).toEqual([5, 1])
    expect(read[0]?.at).toBeCloseTo(35, 0)
    expect(read[1]?.at).toBe(read[0]?.at)
  })

  it('makes a writer wait above the high-water mark, until the reader has read', () => {
    const { clock, swarm, b, written, write } = pair({ latencyMs: 10, highWaterBytes: 2_500 })
    swarm.link(A, B)
    write(2_000)
    write(2_000)
    expect(written).toEqual(['done at 0'])
    b.pauseReading(A)
    clock.advance(50)
    expect(written).toEqual(['done at 0'])
    b.resumeReading(A)
    clock.settle()
    expect(written).toEqual(['done at 0', 'done at 50'])
  })

  it('loses what is on the way when a link is cut, and fails its writes', () => {
    const { clock, swarm, read, written, write } = pair({ latencyMs: 10, highWaterBytes: 100 })
    swarm.link(A, B)
    write(2_000)
    clock.advance(5)
    swarm.unlink(A, B)
    write(2_000)
    expect(written).toEqual(['the connection closed at 5', 'not connected at 5'])
    expect(clock.pending).toBe(0)
    swarm.link(A, B)
    write(50)
    clock.runUntilIdle()
    expect(read.map(({ at }) => at)).toEqual([15])
  })

  it('connects on demand, and not to strangers', () => {
    const { swarm, a, read, write, clock } = pair()
    const seen: string[] = []
    const note = {
      next: () => seen.push('reached'),
      error: (error: unknown) => seen.push(reasonOf(error)),
    }
    a.connect(B).subscribe(note)
    a.connect(simulatedPeerId('C')).subscribe(note)
    expect(seen).toEqual(['reached', 'nobody is there'])
    write(10)
    clock.runUntilIdle()
    expect(read.length).toBe(1)
    swarm.leave(B)
    write(10)
    clock.runUntilIdle()
    expect(read.length).toBe(1)
  })

  it('shows every message that was read, before its reader acts on it', () => {
    const { swarm, b, write, clock } = pair({ latencyMs: 3 })
    const seen: string[] = []
    swarm.transmission$.subscribe(({ from, to }) => {
      if (from.equals(A) && to.equals(B)) seen.push(`sent at ${clock.now()}`)
    })
    b.message$.subscribe(() => seen.push('read'))
    swarm.link(A, B)
    write(10)
    clock.runUntilIdle()
    expect(seen).toEqual(['sent at 3', 'read'])
  })
})
