/**
 * The laws of a well-behaved operator, run over each operator we export (and over any stage that
 * takes a stream and gives one).
 */
import { concat, NEVER, Observable, of, skip, Subject, type Subscriber, take, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { marbles } from './marbles.ts'

export interface Lawful {
  readonly name: string
  /** Each value of the source should sooner or later lead to at least one of the result. */
  readonly operator: (source$: Observable<number>) => Observable<unknown>
  /** For state: it has a value before its source does. */
  readonly startsWithValue?: boolean
}

const broken = new Error('broken')

/** Everything that a subscriber hears, in order. */
const hear = (result$: Observable<unknown>) => {
  const heard: string[] = []
  const subscription = result$.subscribe({
    next: () => heard.push('next'),
    error: (error: unknown) => heard.push(String(error)),
    complete: () => heard.push('complete'),
  })
  return { heard, subscription, last: () => heard.at(-1) }
}

/** A source that counts who listens. */
const counted = (source$: Observable<number>) => {
  const count = { listening: 0 }
  const counted$ = new Observable<number>((subscriber) => {
    count.listening += 1
    subscriber.add(() => { count.listening -= 1 })
    return source$.subscribe(subscriber)
  })
  return { count, counted$ }
}

export const laws = ({ name, operator, startsWithValue = false }: Lawful): void => {
  describe(`${name}: laws`, () => {
    it('completes with its source', () => {
      const source = new Subject<number>()
      const { last } = hear(operator(source))
      source.next(1)
      source.complete()
      expect(last()).toBe('complete')
      expect(source.observed).toBe(false)
    })

    it('is silent on an empty source, and ends with it', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const source$ = cold<number>('---|')
        const subs = '                ^--!'
        const expected = '            ---|'
        const result$ = operator(source$).pipe(skip(startsWithValue ? 1 : 0))
        expectObservable(result$).toBe(expected)
        expectSubscriptions(source$.subscriptions).toBe(subs)
      })
    })

    it('is silent on a source that never speaks', () => {
      const { heard, subscription } = hear(operator(NEVER))
      expect(heard).toHaveLength(startsWithValue ? 1 : 0)
      subscription.unsubscribe()
    })

    it('passes the error of its source', () => {
      const { last } = hear(operator(throwError(() => broken)))
      expect(last()).toBe(String(broken))
      const source = new Subject<number>()
      const later = hear(operator(source))
      source.next(1)
      source.error(broken)
      expect(later.last()).toBe(String(broken))
    })

    it('listens to its source while it is listened to, once for each subscriber', () => {
      const { count, counted$ } = counted(NEVER)
      const result$ = operator(counted$)
      expect(count.listening).toBe(0)
      const subscriptions = [result$.subscribe(), result$.subscribe()]
      expect(count.listening).toBe(2)
      for (const subscription of subscriptions) subscription.unsubscribe()
      expect(count.listening).toBe(0)
    })

    it('unsubscribes from its source', () => {
      const source = new Subject<number>()
      const { heard, subscription } = hear(operator(source))
      source.next(1)
      const before = heard.length
      subscription.unsubscribe()
      expect(source.observed).toBe(false)
      source.next(2)
      expect(heard).toHaveLength(before)
    })

    it('stops a synchronous source when its subscriber has enough', () => {
      let produced = 0
      const source$ = new Observable<number>((subscriber) => {
        while (!subscriber.closed && produced < 1_000) subscriber.next(produced++)
      })
      operator(source$).pipe(take(1)).subscribe()
      expect(produced).toBe(1)
    })

    it('says nothing after its end', () => {
      const complete = (subscriber: Subscriber<number>): void => subscriber.complete()
      const fail = (subscriber: Subscriber<number>): void => subscriber.error(broken)
      for (const end of [complete, fail]) {
        const { heard } = hear(operator(new Observable<number>((subscriber) => {
          subscriber.next(1)
          end(subscriber)
          subscriber.next(2)
          complete(subscriber)
        })))
        expect(heard.findIndex((event) => event !== 'next')).toBe(heard.length - 1)
      }
    })

    it('survives re-entrancy', () => {
      const source = new Subject<number>()
      let echoes = 0
      let heard = 0
      const subscription = operator(source).subscribe(() => {
        heard += 1
        if (echoes++ < 100) source.next(echoes)
      })
      source.next(0)
      expect(heard).toBeGreaterThanOrEqual(100)
      source.next(0)
      expect(heard).toBeGreaterThanOrEqual(101)
      subscription.unsubscribe()
      expect(source.observed).toBe(false)
    })

    it('leaks no subscription in 10,000 cycles', () => {
      const endings = [NEVER, of(1, 2), throwError(() => broken), concat(of(1), NEVER)]
      const sources = endings.map(counted)
      for (let cycle = 0; cycle < 10_000; cycle++) {
        const { counted$ } = sources[cycle % sources.length]!
        operator(counted$).subscribe({ error: () => {} }).unsubscribe()
      }
      expect(sources.map(({ count }) => count.listening)).toEqual([0, 0, 0, 0])
    })
  })
}
