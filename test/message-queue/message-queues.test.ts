import { concat, map, NEVER, type Observable, of, startWith, Subject, throwError } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import type { Delta } from '../../src/message/delta.ts'
import { peerKey } from '../../src/message/keys.ts'
import type { OutgoingMessage } from '../../src/message/message.ts'
import { messageQueues } from '../../src/message-queue/message-queues.ts'
import type { Network, PeerEvent } from '../../src/ports.ts'
import { laws } from '../operators/laws.ts'
import { marbles } from '../operators/marbles.ts'
import { alice, bob, delta, wordsOf } from './words.ts'

type Peer = typeof alice

const up = (peer: Peer): PeerEvent => ({ type: 'peer-up', peer, supportsHave: true })
const down = (peer: Peer): PeerEvent => ({ type: 'peer-down', peer })

/** The inputs that the marbles of this file name: people come in capitals, and go as numbers. */
const inputs: Readonly<Record<string, Delta | PeerEvent>> = {
  A: up(alice), a: delta('w.a'), x: delta('c.a'), 0: down(alice),
  B: up(bob), b: delta('w.b', { peer: bob }),
}

const inputsOf = (letters: string): (Delta | PeerEvent)[] =>
  Array.from(letters, (letter) => inputs[letter] ?? delta(''))

/** What a send emits in marbles. */
const sizes = { s: 1 }

/** What went out, and to whom. */
const recorder = (sends: (message: OutgoingMessage) => Observable<number> = () => of(1)) => {
  const log: string[] = []
  const network: Pick<Network, 'send'> = {
    send: (peer, message) => {
      log.push(`${peerKey(peer) === peerKey(alice) ? 'alice' : 'bob'} ${wordsOf(message)}`)
      return sends(message)
    },
  }
  return { log, network }
}

const say = (letters: string, network: Pick<Network, 'send'>): void => {
  concat(inputsOf(letters), NEVER).pipe(messageQueues(network)).subscribe()
}

laws({
  name: 'messageQueues',
  operator: (source$) => source$.pipe(
    map((value) => delta(`w.x${value}`)),
    startWith(up(alice)),
    messageQueues({ send: () => of(1) }),
  ),
})

describe('messageQueues', () => {
  it('sends each peer what is its own; a slow peer holds up no other', () => {
    marbles(({ hot, cold, expectObservable }) => {
      const input$ = hot('   AB-abab---------|', inputs)
      const slow$ = cold('      ------s|', sizes)
      const fast$ = cold('       s|', sizes)
      const expected = '     ----b-b--a------a|'
      const outcome$ = messageQueues({ send: (peer) => peer === alice ? slow$ : fast$ })(input$)
      expectObservable(outcome$.pipe(map(({ peer }) => peer === alice ? 'a' : 'b'))).toBe(expected)
    })
  })

  it('drops what is said to a peer that is not up', () => {
    const { log, network } = recorder()
    say('aBab', network)
    expect(log).toEqual(['bob w.b'])
  })

  it('ends a send without a word when the peer goes', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const input$ = hot('   Aaa-0a---', inputs)
      const send$ = cold('    ------s|', sizes)
      const expected = '     ---------'
      expectObservable(messageQueues({ send: () => send$ })(input$)).toBe(expected)
      expectSubscriptions(send$.subscriptions).toBe('-^--!')
    })
  })

  it('knows nothing of a peer that comes back', () => {
    const { log, network } = recorder()
    say('Aa0Axa', network)
    expect(log).toEqual(['alice w.a', 'alice w.a'])
  })

  it('keeps the queue of a peer that is announced twice', () => {
    const { log, network } = recorder()
    say('AaAx', network)
    expect(log).toEqual(['alice w.a', 'alice c.a'])
  })

  it('ends when its input has and every queue is empty', () => {
    marbles(({ hot, cold, expectObservable }) => {
      const input$ = hot('   ABaba|', inputs)
      const send$ = cold('     ---s|', sizes)
      const expected = '     -----ab--a|'
      const outcome$ = messageQueues({ send: () => send$ })(input$)
      expectObservable(outcome$.pipe(map(({ peer }) => peer === alice ? 'a' : 'b'))).toBe(expected)
    })
  })

  it('ends with its input when nobody is up', () => {
    marbles(({ hot, expectObservable }) => {
      const input$ = hot('   A-0-|', inputs)
      const expected = '     ----|'
      expectObservable(messageQueues({ send: () => of(1) })(input$)).toBe(expected)
    })
  })

  it('reports a peer\'s failure as its own, and goes on', () => {
    const input = new Subject<Delta | PeerEvent>()
    const outcomes: string[] = []
    const error = vi.fn<() => void>()
    input.pipe(messageQueues({
      send: (peer) => peer === alice ? throwError(() => new Error('reset')) : of(1),
    })).subscribe({ next: ({ type }) => outcomes.push(type), error })
    for (const what of inputsOf('ABabab')) input.next(what)
    expect(outcomes).toEqual(['send-failed', 'sent', 'send-failed', 'sent'])
    expect(error).not.toHaveBeenCalled()
  })

  it('merges what an outcome leads to while its message is still being sent', () => {
    const { log, network } = recorder(() => of(1))
    const input = new Subject<Delta | PeerEvent>()
    input.pipe(messageQueues(network)).subscribe(({ message }) => {
      if (wordsOf(message) !== 'w.a') return
      for (const text of ['w.c', 'w.d', 'c.c']) input.next(delta(text))
    })
    input.next(up(alice))
    input.next(delta('w.a'))
    expect(log).toEqual(['alice w.a', 'alice w.d'])
  })

  it('ends every send when it is left', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const input$ = hot('   ABab----', inputs)
      const send$ = cold('     ------s|', sizes)
      const leave = '        ^----!'
      expectObservable(messageQueues({ send: () => send$ })(input$), leave).toBe('------')
      expectSubscriptions(input$.subscriptions).toBe(leave)
      expectSubscriptions(send$.subscriptions).toBe(['--^--!', '---^-!'])
    })
  })
})
