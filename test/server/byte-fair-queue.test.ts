import fc from 'fast-check'
import type { PeerId } from '@libp2p/interface'
import { describe, expect, it } from 'vitest'
import { multihashKey } from '../../src/message/keys.ts'
import { SERVER_DEFAULTS } from '../../src/options.ts'
import type { ServerOptions } from '../../src/options.ts'
import { byteFairQueue, QUANTUM_BYTES } from '../../src/server/byte-fair-queue.ts'
import type { PeerRequestQueue } from '../../src/server/peer-request-queue.ts'
import { newTask } from '../../src/server/task.ts'
import { simulatedPeerId } from '../../src/testing/simulated-peer-id.ts'
import { alice, block, bob, manyBlocks, wantBlock } from './serving.ts'

const MiB = 1024 * 1024
const keyed = manyBlocks(2_000).map(({ cid }) => ({ cid, key: multihashKey(cid) }))
const peers = Array.from({ length: 8 }, (_, index) => simulatedPeerId(`peer ${index}`))

const queueOf = (options: Partial<ServerOptions> = {}): PeerRequestQueue =>
  byteFairQueue({ ...SERVER_DEFAULTS, ...options })

const push = (queue: PeerRequestQueue, peer: PeerId, from: number, count: number): void => {
  for (const { cid, key } of keyed.slice(from, from + count)) {
    queue.push(peer, newTask(key, wantBlock(cid), 'block'))
  }
}

interface Served {
  readonly peer: PeerId
  readonly bytes: number
}

/** One envelope of blocks that are `sizeOf` their peer; they are sent at once. */
const serve = (queue: PeerRequestQueue, sizeOf: (peer: PeerId) => number): Served | undefined => {
  const turn = queue.next()
  if (turn === undefined) return undefined
  let bytes = 0
  const taken = []
  while (bytes < SERVER_DEFAULTS.targetEnvelopeBytes) {
    const task = turn.take()
    if (task === undefined) break
    turn.handOver(task, sizeOf(turn.peer))
    taken.push(task)
    bytes += sizeOf(turn.peer)
  }
  turn.close()
  for (const { key } of taken) queue.settle(turn.peer, key, 'block')
  return { peer: turn.peer, bytes }
}

describe('byteFairQueue', () => {
  it('gives every peer the same bytes, whatever the size of its blocks', () => {
    const sizes = [1_000, 20_000, 70_000, 2 * MiB]
    const sizeOf = (peer: PeerId): number => sizes[peers.indexOf(peer) % sizes.length] ?? 0
    const queue = queueOf({ maxOutstandingBytesPerPeer: Infinity })
    const bytes = new Map<PeerId, number>()
    for (const peer of peers) push(queue, peer, 0, 2_000)
    for (let total = 0; total < 64 * MiB;) {
      const served = serve(queue, sizeOf)
      if (served === undefined) break
      bytes.set(served.peer, (bytes.get(served.peer) ?? 0) + served.bytes)
      total += served.bytes
      push(queue, served.peer, 0, 2_000)
    }
    const shares = [...bytes.values()]
    const jain = shares.reduce((sum, x) => sum + x, 0) ** 2
      / (shares.length * shares.reduce((sum, x) => sum + x ** 2, 0))
    expect(shares).toHaveLength(8)
    expect(jain).toBeGreaterThan(0.98)
  })

  it('serves a newcomer after a quantum, a turn and a block of each other peer, at most', () => {
    const schedule = fc.record({
      sizes: fc.array(fc.integer({ min: 1, max: 2 * MiB }), { minLength: 1, maxLength: 7 }),
      before: fc.nat(40),
      own: fc.integer({ min: 1, max: 2 * MiB }),
    })
    fc.assert(fc.property(schedule, ({ sizes, before, own }) => {
      const queue = queueOf()
      const sizeOf = (peer: PeerId): number => sizes[peers.indexOf(peer)] ?? own
      for (const index of sizes.keys()) push(queue, peers[index] as PeerId, 0, 2_000)
      for (let turn = 0; turn < before; turn += 1) serve(queue, sizeOf)
      push(queue, alice, 0, 1)
      let waited = 0
      let served = serve(queue, sizeOf)
      while (served !== undefined && served.peer !== alice) {
        waited += served.bytes
        served = serve(queue, sizeOf)
      }
      expect(served?.peer).toBe(alice)
      const turn = QUANTUM_BYTES + SERVER_DEFAULTS.targetEnvelopeBytes
      expect(waited).toBeLessThanOrEqual(sizes.reduce((sum, size) => sum + turn + size, 0))
    }))
  })

  it('serves a peer with one want behind ten with fifty each within twelve envelopes', () => {
    const queue = queueOf()
    const heavy = Array.from({ length: 10 }, (_, index) => simulatedPeerId(`heavy ${index}`))
    for (const peer of heavy) push(queue, peer, 0, 50)
    push(queue, alice, 0, 1)
    const order = Array.from({ length: 12 }, () => serve(queue, () => 32 * 1024)?.peer)
    expect(order).toContain(alice)
  })

  it('passes over a peer whose stream is full, until what it was sent has left', () => {
    const queue = queueOf({ maxOutstandingBytesPerPeer: 100 })
    push(queue, alice, 0, 3)
    push(queue, bob, 0, 1)
    const turn = queue.next()
    const task = turn?.take()
    expect(turn?.peer).toBe(alice)
    if (turn === undefined || task === undefined) throw new Error('no task')
    turn.handOver(task, 100)
    turn.close()
    expect(serve(queue, () => 10)?.peer).toBe(bob)
    expect(queue.next()).toBeUndefined()
    queue.settle(alice, task.key, 'block')
    expect(queue.next()?.peer).toBe(alice)
  })

  it('has no turn for a peer whose tasks were withdrawn, or that is gone', () => {
    const queue = queueOf()
    push(queue, alice, 0, 2)
    for (const { key } of keyed.slice(0, 2)) queue.withdraw(alice, key)
    push(queue, bob, 0, 2)
    queue.forget(bob)
    expect(queue.next()).toBeUndefined()
  })

  it('forgets a peer whose turn is under way', () => {
    const queue = queueOf()
    push(queue, alice, 0, 2)
    const turn = queue.next()
    const task = turn?.take()
    queue.forget(alice)
    push(queue, alice, 0, 1)
    expect(task?.withdrawn).toBe(true)
    expect(turn?.take()).toBeUndefined()
    expect(turn?.pendingBytes()).toBeUndefined()
    turn?.close()
    expect(queue.next()?.take()).toBeDefined()
  })

  it('tells how many bytes are still queued, as the wire can hold them', () => {
    const queue = queueOf({ targetEnvelopeBytes: 1 })
    push(queue, alice, 0, 2_000)
    const turn = queue.next()
    const task = turn?.take()
    if (turn === undefined || task === undefined) throw new Error('no task')
    turn.handOver(task, 2 * MiB)
    expect(turn.pendingBytes()).toBe(2 ** 31 - 1)
    queue.forget(alice)
    push(queue, alice, 0, 3)
    const other = queue.next()
    other?.take()
    expect(other?.pendingBytes()).toBe(4 * MiB)
  })

  it.each([Infinity, 2 ** 50])('serves on, however much an envelope aims at: %d', (aim) => {
    const queue = queueOf({ targetEnvelopeBytes: aim })
    push(queue, alice, 0, 1)
    const turn = queue.next()
    turn?.handOver(turn.take()!, 100)
    // Another worker asks before the first has been written.
    push(queue, alice, 1, 1)
    expect(queue.next()?.take()).toBeDefined()
  })

  it('has room for a bounded number of DONT_HAVEs', () => {
    const queue = queueOf({ maxWantlistEntries: 10 })
    for (const { cid, key } of keyed) queue.push(alice, newTask(key, wantBlock(cid), 'dont-have'))
    const { cid } = block('wanted')
    queue.push(alice, newTask(multihashKey(cid), wantBlock(cid), 'block'))
    const types = []
    const turn = queue.next()!
    for (let task = turn.take(); task !== undefined; task = turn.take()) types.push(task.type)
    expect(types).toEqual([...Array<string>(40).fill('dont-have'), 'block'])
  })
})
