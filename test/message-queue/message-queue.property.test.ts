import fc from 'fast-check'
import { Observable, Subject } from 'rxjs'
import { expect, it } from 'vitest'
import type { Delta } from '../../src/message/delta.ts'
import { multihashKey, type MultihashKey } from '../../src/message/keys.ts'
import type { OutgoingMessage, WantEntry, WantlistEntry } from '../../src/message/message.ts'
import { messageQueue } from '../../src/message-queue/message-queue.ts'
import { alice, cidOf } from './words.ts'

type Wantlist = Map<MultihashKey, WantEntry>

/** How a send goes. A failed one may have reached the peer all the same. */
const end = fc.constantFrom('at once', 'later', 'later')
const success = fc.record({ end, fails: fc.constant(false), arrives: fc.constant(true) })
const failure = fc.record({ end, fails: fc.constant(true), arrives: fc.boolean() })
const uneventful = { end: 'at once', fails: false, arrives: true }

const name = fc.constantFrom('a', 'b', 'c')

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({
    type: fc.constantFrom('want-block' as const, 'want-have' as const),
    name,
    priority: fc.nat({ max: 9 }),
    sendDontHave: fc.boolean(),
  }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('cancel' as const), name }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('end of send' as const) }) },
)

type Course = typeof uneventful
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** The peer: its copy of our wantlist is what the messages make of it. */
const receiver = () => {
  const wantlist: Wantlist = new Map()
  return {
    wantlist,
    receive: (message: OutgoingMessage): void => {
      for (const entry of message.wantlist.entries) {
        if (entry.type === 'cancel') wantlist.delete(multihashKey(entry.cid))
        else wantlist.set(multihashKey(entry.cid), entry)
      }
    },
  }
}

/** The want manager: never downgrades a want, and says again what may have been lost. */
const sender = (say: (entry: WantlistEntry) => void) => {
  const wantlist: Wantlist = new Map()
  return {
    wantlist,
    change: (entry: WantlistEntry): void => {
      const key = multihashKey(entry.cid)
      if (entry.type === 'cancel') wantlist.delete(key)
      else if (entry.type === 'want-have' && wantlist.get(key)?.type === 'want-block') return
      else wantlist.set(key, entry)
      say(entry)
    },
    repair: (message: OutgoingMessage): void => {
      for (const { cid } of message.wantlist.entries) {
        say(wantlist.get(multihashKey(cid)) ?? { type: 'cancel', cid })
      }
    },
  }
}

const check = (courses: readonly Course[], steps: readonly Step[]): void => {
  const delta$ = new Subject<Delta>()
  const left = [...courses]
  const peer = receiver()
  let end: (() => void) | undefined

  const send = (message: OutgoingMessage): Observable<number> => new Observable((subscriber) => {
    const { end: when, fails, arrives } = left.shift() ?? uneventful
    const { entries } = message.wantlist
    expect(end).toBe(undefined)
    expect(entries).not.toHaveLength(0)
    expect(new Set(entries.map(({ cid }) => multihashKey(cid))).size).toBe(entries.length)
    const finish = (): void => {
      end = undefined
      if (arrives) peer.receive(message)
      if (fails) subscriber.error(new Error('reset'))
      else subscriber.next(1)
      subscriber.complete()
    }
    if (when === 'later') end = finish
    else finish()
  })
  const us = sender((entry) => delta$.next({ type: 'delta', peer: alice, entries: [entry] }))
  messageQueue({ peer: alice, send })(delta$).subscribe(({ type, message }) => {
    if (type === 'send-failed') us.repair(message)
  })
  for (const what of steps) {
    if (what.type === 'end of send') end?.()
    else if (what.type === 'cancel') us.change({ type: 'cancel', cid: cidOf(what.name) })
    else us.change({ ...what, cid: cidOf(what.name) })
  }
  while (end !== undefined) end()
  const essence = (wantlist: Wantlist): unknown =>
    new Map([...wantlist].map(([key, { type, priority }]) => [key, { type, priority }]))
  expect(essence(peer.wantlist)).toEqual(essence(us.wantlist))
}

it.each([
  ['whatever the timing', success],
  ['whatever fails, if what failed is said again', fc.oneof(success, failure)],
])('gives the peer our wantlist, and no empty message, %s', (_, courses) => {
  const drawn = fc.array<Course>(courses, { maxLength: 20 })
  fc.assert(fc.property(drawn, fc.array(step, { maxLength: 50 }), check), { numRuns: 1_000 })
})
