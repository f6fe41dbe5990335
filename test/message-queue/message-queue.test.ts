import { CID } from 'multiformats/cid'
import { EMPTY, map, type Observable, of, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { SendError } from '../../src/errors.ts'
import type { Delta } from '../../src/message/delta.ts'
import type { OutgoingMessage } from '../../src/message/message.ts'
import { messageQueue } from '../../src/message-queue/message-queue.ts'
import type { SendOutcome } from '../../src/ports.ts'
import { laws } from '../operators/laws.ts'
import { marbles } from '../operators/marbles.ts'
import { alice, cidOf, delta, wordsOf } from './words.ts'

/** What is said in marbles. */
const deltas = { a: delta('w.a'), b: delta('w.b'), c: delta('w.c') }

/** What a send emits in marbles. */
const sizes = { s: 1 }

/** A queue whose sends the test ends. */
const handQueue = () => {
  const delta$ = new Subject<Delta>()
  const sent: OutgoingMessage[] = []
  const ends: Subject<number>[] = []
  const outcomes: SendOutcome[] = []
  const send = (message: OutgoingMessage): Observable<number> => {
    const end = new Subject<number>()
    sent.push(message)
    ends.push(end)
    return end
  }
  const subscription = messageQueue({ peer: alice, send })(delta$)
    .subscribe((outcome) => outcomes.push(outcome))
  return {
    sent,
    outcomes,
    subscription,
    say: (...texts: string[]) => { for (const text of texts) delta$.next(delta(text)) },
    next: (more: Partial<Delta>) => delta$.next(delta('', more)),
    succeed: (byteLength = 1) => {
      const end = ends.shift()
      end?.next(byteLength)
      end?.complete()
    },
    fail: (error: unknown = new Error('broken')) => ends.shift()?.error(error),
    words: () => sent.map(wordsOf),
  }
}

/** What goes out when all this is said, in this order, during the send of `first`. */
const saidDuring = (first: string, ...texts: string[]): string[] => {
  const { say, succeed, words } = handQueue()
  say(first, ...texts)
  succeed()
  return words().slice(1)
}

laws({
  name: 'messageQueue',
  operator: (source$) => source$.pipe(
    map((value) => delta(`w.x${value}`)),
    messageQueue({ peer: alice, send: () => of(1) }),
  ),
})

describe('messageQueue', () => {
  it('sends at once while idle, and what was said meanwhile when the send is over', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const delta$ = hot('   -a-b-c----------|', deltas)
      const send$ = cold('    ---s--|', sizes)
      const first = '        -^-----!'
      const second = '       -------^-----!'
      const expected = '     ----a-----b-----|'
      const outcome$ = messageQueue({ peer: alice, send: () => send$ })(delta$)
      const words$ = outcome$.pipe(map(({ type, message }) => `${type} ${wordsOf(message)}`))
      expectObservable(words$).toBe(expected, { a: 'sent w.a', b: 'sent w.b w.c' })
      expectSubscriptions(send$.subscriptions).toBe([first, second])
    })
  })

  it('sends what waits when its deltas end, and ends after it', () => {
    marbles(({ hot, cold, expectObservable }) => {
      const delta$ = hot('   -ab|', deltas)
      const send$ = cold('    ---s--|', sizes)
      const expected = '     ----s-----s--|'
      const outcome$ = messageQueue({ peer: alice, send: () => send$ })(delta$)
      expectObservable(outcome$.pipe(map(() => 's'))).toBe(expected)
    })
  })

  it('ends its send and drops what waits when it is left', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const delta$ = hot('   -ab----', deltas)
      const send$ = cold('    ------s|', sizes)
      const leave = '        ^---!'
      const outcome$ = messageQueue({ peer: alice, send: () => send$ })(delta$)
      expectObservable(outcome$, leave).toBe('-----')
      expectSubscriptions(send$.subscriptions).toBe('-^--!')
    })
  })

  it('tells the size of what it sent', () => {
    const { say, succeed, sent, outcomes } = handQueue()
    say('w.a')
    succeed(44)
    expect(outcomes).toEqual([{ type: 'sent', peer: alice, message: sent[0], byteLength: 44 }])
  })

  it('goes on after a send that says nothing', () => {
    const delta$ = new Subject<Delta>()
    const sent: string[] = []
    messageQueue({
      peer: alice,
      send: (message) => {
        sent.push(wordsOf(message))
        return EMPTY
      },
    })(delta$).subscribe()
    delta$.next(delta('w.a'))
    delta$.next(delta('w.b'))
    expect(sent).toEqual(['w.a', 'w.b'])
  })

  it('never sends a full wantlist, nor an empty message', () => {
    const { say, next, sent } = handQueue()
    say('')
    next({ pendingBytes: 7 })
    say('c.never_asked')
    expect(sent).toEqual([])
    say('w.a')
    expect(sent).toMatchObject([{ wantlist: { full: false }, pendingBytes: 7 }])
  })

  it('keeps a wantlist for each subscriber', () => {
    const delta$ = new Subject<Delta>()
    const sent: string[] = []
    const send = (message: OutgoingMessage): Observable<number> => {
      sent.push(wordsOf(message))
      return of(1)
    }
    const outcome$ = messageQueue({ peer: alice, send })(delta$)
    const first = outcome$.subscribe()
    delta$.next(delta('w.a'))
    first.unsubscribe()
    outcome$.subscribe()
    delta$.next(delta('c.a'))
    expect(sent).toEqual(['w.a'])
  })
})

describe('wants and cancels', () => {
  it.each([
    ['a want said twice goes out once', ['w.a', 'w.a'], ['w.a']],
    ['what is new goes out with what was said before', ['w.a w.b', 'w.b w.c'], ['w.a w.b w.c']],
    ['a want and its cancel come to nothing', ['w.a', 'c.a'], []],
    ['a want, its cancel and a want come to a want', ['w.a', 'c.a', 'w.a'], ['w.a']],
    ['a cancel takes nothing else away', ['w.a w.b', 'c.a'], ['w.b']],
    ['a cancel of what was never wanted is not sent', ['c.a', 'w.b'], ['w.b']],
    ['a want-block takes the place of a want-have', ['h.a', 'w.a'], ['w.a']],
    ['a want-have does not take the place of a want-block', ['w.a', 'h.a'], ['w.a']],
    ['a want-have after a cancel is a want-have', ['w.a', 'c.a', 'h.a'], ['h.a']],
    ['a DONT_HAVE once asked for stays asked for', ['h.a\'', 'w.a', 'h.a'], ['w.a\'']],
    ['a DONT_HAVE may be asked for later', ['w.a', 'h.a\''], ['w.a\'']],
    ['a cancelled want asks for no DONT_HAVE', ['w.a\'', 'c.a', 'w.a'], ['w.a']],
    ['wants go by priority', ['w.a^1 w.b^3', 'h.c^2'], ['w.b h.c w.a']],
    ['of equals the earlier goes first', ['w.a w.b', 'w.c'], ['w.a w.b w.c']],
    ['the latest priority counts', ['w.a^1 w.b^2', 'w.a^3'], ['w.a w.b']],
  ])('%s', (_, texts, expected) => {
    expect(saidDuring('w.sent', ...texts)).toEqual(expected)
  })

  it.each([
    ['a cancel goes out', ['c.sent'], ['c.sent']],
    ['a cancel goes out once', ['c.sent', 'c.sent'], ['c.sent']],
    ['a want after a cancel takes its place', ['c.sent', 'w.sent'], ['w.sent']],
    ['a want-have after a cancel takes its place', ['c.sent', 'h.sent'], ['h.sent']],
    ['a cancel takes the place of another want', ['w.sent', 'c.sent'], ['c.sent']],
    ['a cancel of a re-want goes out', ['c.sent', 'w.sent', 'c.sent'], ['c.sent']],
    ['a want is sent again', ['w.sent'], ['w.sent']],
    ['cancels go before wants', ['w.a^9', 'c.sent'], ['c.sent w.a']],
  ])('once a want is sent, %s', (_, texts, expected) => {
    expect(saidDuring('w.sent', ...texts)).toEqual(expected)
  })

  it('sends the cancel of an upgrade that waits, if the want-have was sent', () => {
    expect(saidDuring('h.a', 'w.a', 'c.a')).toEqual(['c.a'])
  })

  it('forgets a want once its cancel is sent', () => {
    const { say, succeed, words } = handQueue()
    say('w.a')
    succeed()
    say('c.a')
    say('w.a', 'c.a')
    succeed()
    say('c.a', 'w.b')
    expect(words()).toEqual(['w.a', 'c.a', 'w.b'])
  })
})

describe('blocks and presences', () => {
  it.each([
    ['a block goes out once', ['B.a', 'B.a'], ['B.a']],
    ['a block takes the place of its presence', ['H.a D.b', 'B.a'], ['B.a D.b']],
    ['a block needs no presence after it', ['B.a', 'H.a D.a'], ['B.a']],
    ['the latest presence counts', ['H.a D.b', 'D.a H.b'], ['D.a H.b']],
    ['wants and answers share a message', ['B.a', 'w.a', 'H.b'], ['w.a B.a H.b']],
  ])('%s', (_, texts, expected) => {
    expect(saidDuring('w.sent', ...texts)).toEqual(expected)
  })

  it('tells CIDs of the same multihash apart', () => {
    const { next, sent } = handQueue()
    const cid = cidOf('a')
    const asDagPb = CID.createV1(0x70, cid.multihash)
    const bytes = new Uint8Array(1)
    next({ blocks: [{ cid, bytes }, { cid: asDagPb, bytes }] })
    expect(sent[0]?.blocks.map((block) => block.cid)).toEqual([cid, asDagPb])
  })

  it('tells the latest of the bytes that are pending', () => {
    const { say, next, succeed, sent } = handQueue()
    say('w.sent')
    next({ pendingBytes: 9 })
    next({ pendingBytes: 3 })
    say('B.a')
    succeed()
    expect(sent.map(({ pendingBytes }) => pendingBytes)).toEqual([0, 3])
  })
})

describe('large messages', () => {
  const MIB = 1024 * 1024
  const block = (name: string, byteLength: number) =>
    ({ cid: cidOf(name), bytes: new Uint8Array(byteLength) })
  const sayThreeParts = (queue: ReturnType<typeof handQueue>): void => {
    queue.next({ blocks: ['a', 'b', 'c'].map((name) => block(name, 1.5 * MIB)) })
  }

  it('go out in parts, one after another', () => {
    const queue = handQueue()
    sayThreeParts(queue)
    queue.say('w.d')
    expect(queue.words()).toEqual(['B.a'])
    queue.succeed()
    expect(queue.words()).toEqual(['B.a', 'B.b'])
    queue.succeed()
    queue.succeed()
    expect(queue.words()).toEqual(['B.a', 'B.b', 'B.c', 'w.d'])
    expect(queue.outcomes.map(({ type, message }) => `${type} ${wordsOf(message)}`))
      .toEqual(['sent B.a', 'sent B.b', 'sent B.c'])
  })

  it('fail from the part on that failed; what was said meanwhile is sent', () => {
    const queue = handQueue()
    sayThreeParts(queue)
    queue.say('w.d')
    queue.succeed()
    queue.fail()
    expect(queue.outcomes.map(({ type, message }) => `${type} ${wordsOf(message)}`))
      .toEqual(['sent B.a', 'send-failed B.b', 'send-failed B.c'])
    expect(queue.words()).toEqual(['B.a', 'B.b', 'w.d'])
  })
})

describe('a failed send', () => {
  it('is an outcome, and the queue goes on', () => {
    const { say, fail, words, sent, outcomes } = handQueue()
    const error = new SendError(alice, 3, 'reset')
    say('w.a', 'w.b')
    fail(error)
    expect(outcomes).toEqual([{ type: 'send-failed', peer: alice, message: sent[0], error }])
    expect(words()).toEqual(['w.a', 'w.b'])
  })

  it('of a want leaves it open whether the peer has it: its cancel goes out', () => {
    const { say, fail, words } = handQueue()
    say('w.a')
    fail()
    say('c.a')
    expect(words()).toEqual(['w.a', 'c.a'])
  })

  it('of a cancel leaves it open whether the peer has it: it can be sent again', () => {
    const { say, succeed, fail, words } = handQueue()
    say('w.a')
    succeed()
    say('c.a')
    fail()
    say('c.a')
    expect(words()).toEqual(['w.a', 'c.a', 'c.a'])
  })

  it('has an Error, whatever was thrown', () => {
    const { say, fail, outcomes } = handQueue()
    say('w.a')
    fail('reset')
    expect(outcomes).toMatchObject([{ type: 'send-failed', error: { name: 'SendError' } }])
  })
})
