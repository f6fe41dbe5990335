import type { PeerId } from '@libp2p/interface'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Delta } from '../../src/message/delta.ts'
import { multihashKey } from '../../src/message/keys.ts'
import type { MultihashKey } from '../../src/message/keys.ts'
import type { Block, WantEntry, WantType } from '../../src/message/message.ts'
import { alice, block, bob, manyBlocks, serving } from './serving.ts'

const blocks = [...manyBlocks(4, 'small'), block('large', 3_000), block('empty', 0)]

/** What one peer wants, kept in the simplest way there is. */
class PeerModel {
  readonly wants = new Map<MultihashKey, { type: WantType, isAnswered: boolean }>()
  /** How often a block may still be sent. */
  readonly allowed = new Map<MultihashKey, number>()

  want ({ cid, type }: WantEntry): void {
    const key = multihashKey(cid)
    const held = this.wants.get(key)
    const isBlockWanted = held?.isAnswered === false && held.type === 'want-block'
    this.wants.set(key, { type: isBlockWanted ? 'want-block' : type, isAnswered: false })
    this.allow(key, 1)
  }

  allow (key: MultihashKey, more: number): number {
    const allowed = (this.allowed.get(key) ?? 0) + more
    this.allowed.set(key, allowed)
    return allowed
  }

  receive ({ blocks: received = [], presences = [] }: Delta): void {
    for (const { cid } of received) {
      const want = this.wants.get(multihashKey(cid))
      if (want !== undefined) want.isAnswered = true
    }
    for (const { type, cid } of presences) {
      const want = this.wants.get(multihashKey(cid))
      if (type === 'have' && want?.type === 'want-have') want.isAnswered = true
    }
  }
}

/** An engine with a slow, failing store and full streams, and what its peers may expect of it. */
class Run {
  isFailing = true
  readonly models = new Map<PeerId, PeerModel>([[alice, new PeerModel()], [bob, new PeerModel()]])
  readonly server
  private readonly inFlight: Delta[] = []

  constructor (delays: readonly number[]) {
    let call = 0
    this.server = serving({
      blocks: blocks.slice(2),
      delayMs: () => delays[call++ % delays.length] ?? 0,
      fail: () => this.isFailing && call % 7 === 3 ? new Error('disk on fire') : undefined,
      options: {
        taskWorkers: 3,
        lookupWorkers: 4,
        targetEnvelopeBytes: 150,
        maxOutstandingBytesPerPeer: 200,
        notifyRetryMs: [1, 10],
      },
    })
  }

  model (peer: PeerId): PeerModel {
    const model = this.models.get(peer)
    if (model === undefined) throw new Error('no such peer')
    return model
  }

  /** Takes what the engine says, which must be wanted now, and as often as it is said. */
  collect (): void {
    for (const delta of this.server.takeDeltas()) {
      const model = this.model(delta.peer)
      for (const { cid } of delta.blocks ?? []) {
        const key = multihashKey(cid)
        expect(model.wants.has(key), 'a block that is sent is wanted').toBe(true)
        expect(model.allow(key, -1), 'and as often as it is sent').toBeGreaterThanOrEqual(0)
      }
      this.inFlight.push(delta)
    }
  }

  /** The oldest delta has left, or not. */
  outcome (type: 'sent' | 'send-failed'): boolean {
    const delta = this.inFlight.shift()
    if (delta === undefined) return false
    const model = this.model(delta.peer)
    if (type === 'sent') {
      model.receive(delta)
      this.server.sent(delta)
    } else {
      for (const { cid } of delta.blocks ?? []) model.allow(multihashKey(cid), 1)
      this.server.sendFailed(delta)
    }
    return true
  }

  down (peer: PeerId): void {
    this.server.down(peer)
    this.server.up(peer)
    this.models.set(peer, new PeerModel())
    const others = this.inFlight.filter((delta) => delta.peer !== peer)
    this.inFlight.splice(0, Infinity, ...others)
  }

  /** Everything works from now on, and goes on until nothing is left to be done. */
  settle (): void {
    this.isFailing = false
    this.server.clock.runUntilIdle()
    this.collect()
    while (this.outcome('sent')) {
      this.server.clock.runUntilIdle()
      this.collect()
    }
  }
}

const anyBlock = fc.constantFrom(...blocks)
const anyPeer = fc.constantFrom(alice, bob)
const anyWant = fc.record({
  type: fc.constantFrom<WantType>('want-block', 'want-have'),
  cid: anyBlock.map(({ cid }) => cid),
  priority: fc.nat(3),
  sendDontHave: fc.boolean(),
})
const anyWants = fc.uniqueArray(anyWant, { selector: ({ cid }) => multihashKey(cid), minLength: 1 })

type Perform = (run: Run) => void

/** A step that a counterexample shows as `text`. */
interface Step {
  readonly perform: Perform
  readonly [fc.toStringMethod]: () => string
}

const step = (text: string, perform: Perform): Step =>
  ({ perform, [fc.toStringMethod]: () => text })

const nameOf = (peer: PeerId): string => peer === alice ? 'alice' : 'bob'
const blockName = (cid: Block['cid']): string =>
  'abcdef'.charAt(blocks.findIndex((known) => known.cid === cid))

const want = (peer: PeerId, wants: readonly WantEntry[], full: boolean): Step => {
  const list = wants.map(({ type, cid, priority }) => `${type} ${blockName(cid)} ${priority}`)
  return step(`${nameOf(peer)} ${full ? 'full: ' : ''}${list.join(', ')}`, (run) => {
    const model = run.model(peer)
    if (full) model.wants.clear()
    for (const entry of wants) model.want(entry)
    run.server.receive(peer, wants, full)
  })
}
const cancel = (peer: PeerId, cancelled: Block): Step =>
  step(`${nameOf(peer)} cancel ${blockName(cancelled.cid)}`, (run) => {
    run.model(peer).wants.delete(multihashKey(cancelled.cid))
    run.server.cancel(peer, cancelled)
  })
const change = (how: 'add' | 'remove' | 'notify', { cid, bytes }: Block): Step =>
  step(`${how} ${blockName(cid)}`, ({ server }) => {
    if (how === 'add') server.store.add({ cid, bytes })
    else if (how === 'remove') server.store.remove(cid)
    else server.hear({ type: 'notify', cids: [cid] })
  })

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(anyPeer, anyWants, fc.boolean()).map((args) => want(...args)) },
  { weight: 3, arbitrary: fc.tuple(anyPeer, anyBlock).map((args) => cancel(...args)) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom('add', 'remove', 'notify'), anyBlock)
      .map(([how, changed]) => change(how, changed)),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom('sent', 'sent', 'send-failed')
      .map((type) => step(type, (run) => { run.outcome(type) })),
  },
  {
    weight: 1,
    arbitrary: anyPeer
      .map((peer) => step(`${nameOf(peer)} down`, (run) => { run.down(peer) })),
  },
  {
    weight: 4,
    arbitrary: fc.nat(12)
      .map((ms) => step(`wait ${ms}`, ({ server }) => { server.clock.advance(ms) })),
  },
)

describe('conservation', () => {
  it('every want is answered, cancelled, or held for a block that is absent', () => {
    const delays = fc.array(fc.constantFrom(0, 0, 1, 7), { minLength: 1, maxLength: 9 })
    fc.assert(fc.property(delays, fc.array(anyStep, { maxLength: 60 }), (storeDelays, steps) => {
      const run = new Run(storeDelays)
      for (const { perform } of steps) {
        perform(run)
        run.collect()
      }
      run.settle()
      run.server.hear({ type: 'notify', cids: blocks.map(({ cid }) => cid) })
      run.settle()
      for (const [peer, model] of run.models) {
        const held = run.server.ledger(peer)?.wants ?? new Map<MultihashKey, WantEntry>()
        for (const key of held.keys()) {
          expect(model.wants.has(key), 'what is held is wanted').toBe(true)
          expect(run.server.store.blocks.has(key), 'and absent').toBe(false)
        }
        for (const [key, { isAnswered }] of model.wants) {
          expect(isAnswered || held.has(key), 'what is wanted is answered or held').toBe(true)
        }
      }
      expect(run.server.clock.pending).toBe(0)
    }), { numRuns: 400 })
  })
})
