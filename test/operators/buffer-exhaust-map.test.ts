import {
  concat, delay, EMPTY, finalize, map, NEVER, Observable, of, Subject, take,
} from 'rxjs'
import { describe, expect, it } from 'vitest'
import { bufferExhaustMap } from '../../src/operators/index.ts'
import { marbles } from './marbles.ts'

/** A projection that the test ends; its batches are remembered. */
const projections = () => {
  const batches: string[] = []
  const running: Subject<string>[] = []
  const project = (batch: string[]): Observable<string> => {
    const end = new Subject<string>()
    batches.push(batch.join(''))
    running.push(end)
    return end
  }
  return { batches, project, finish: (): void => running.shift()?.complete() }
}

describe('bufferExhaustMap', () => {
  it('projects an arrival at once while idle', () => {
    marbles(({ hot, cold, expectObservable }) => {
      const source$ = hot('  -a----b----|')
      const work$ = cold('    x|')
      const expected = '     -x----x----|'
      expectObservable(source$.pipe(bufferExhaustMap(() => work$))).toBe(expected)
    })
  })

  it('projects what arrived during a projection in one batch, as soon as that is over', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source$ = hot('  -a-b-c-----------|')
      const work$ = cold('    -----x|')
      const first = '        -^-----!'
      const second = '       -------^-----!'
      const expected = '     ------a-----B----|'
      const result$ = source$.pipe(
        bufferExhaustMap((batch) => work$.pipe(map(() => batch.join('')))),
      )
      expectObservable(result$).toBe(expected, { a: 'a', B: 'bc' })
      expectSubscriptions(work$.subscriptions).toBe([first, second])
    })
  })

  it('waits for the end of a projection, not for its first result', () => {
    marbles(({ hot, cold, expectObservable }) => {
      const source$ = hot('  -a--b----------|')
      const work$ = cold('    xx----|')
      const expected = '     -xx----xx------|'
      expectObservable(source$.pipe(bufferExhaustMap(() => work$))).toBe(expected)
    })
  })

  it('goes on after a projection that emits nothing', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source$ = hot('  -ab---|')
      const work$ = cold('    --|')
      const expected = '     ------|'
      expectObservable(source$.pipe(bufferExhaustMap(() => work$))).toBe(expected)
      expectSubscriptions(work$.subscriptions).toBe(['-^-!', '---^-!'])
    })
  })

  it('goes on after a projection that completes synchronously', () => {
    for (const work$ of [of('x'), EMPTY]) {
      const batches: string[][] = []
      const source = new Subject<string>()
      source.pipe(bufferExhaustMap((batch) => {
        batches.push(batch)
        return work$
      })).subscribe()
      for (const arrival of 'abc') source.next(arrival)
      expect(batches).toEqual([['a'], ['b'], ['c']])
    }
  })

  it('projects nothing while a projection never ends', () => {
    marbles(({ hot, expectObservable }) => {
      const source$ = hot('  -a-b-c-|')
      const expected = '     -x---------'
      expectObservable(source$.pipe(bufferExhaustMap(() => concat(of('x'), NEVER)))).toBe(expected)
    })
  })

  it('takes any ObservableInput', async () => {
    const heard: string[] = []
    await of('a').pipe(bufferExhaustMap((batch) => Promise.resolve(batch.join())))
      .forEach((result) => { heard.push(result) })
    of('b').pipe(bufferExhaustMap((batch) => batch)).subscribe((result) => heard.push(result))
    expect(heard).toEqual(['a', 'b'])
  })

  describe('one at a time', () => {
    it('starts a projection after the teardown of the one before', () => {
      const order: string[] = []
      const source = new Subject<string>()
      const end = new Subject<never>()
      source.pipe(bufferExhaustMap(([arrival = '']) => {
        order.push(`start ${arrival}`)
        return end.pipe(finalize(() => order.push(`over ${arrival}`)))
      })).subscribe()
      source.next('a')
      source.next('b')
      end.complete()
      expect(order).toEqual(['start a', 'over a', 'start b', 'over b'])
    })

    it('keeps what arrives during a teardown for the next projection', () => {
      const { batches, project, finish } = projections()
      const source = new Subject<string>()
      source.pipe(bufferExhaustMap((batch) => project(batch).pipe(
        finalize(() => { if (batch.includes('a')) source.next('c') }),
      ))).subscribe()
      source.next('a')
      source.next('b')
      finish()
      expect(batches).toEqual(['a', 'bc'])
    })
  })

  describe('re-entrancy', () => {
    it('keeps what arrives while it is projecting for the next batch', () => {
      const batches: string[] = []
      const source = new Subject<string>()
      source.pipe(bufferExhaustMap((batch) => {
        batches.push(batch.join(''))
        if (batch.includes('a')) for (const arrival of 'bc') source.next(arrival)
        return of('x')
      })).subscribe()
      source.next('a')
      expect(batches).toEqual(['a', 'bc'])
    })

    it('keeps what a result leads to for the next batch', () => {
      const batches: string[] = []
      const source = new Subject<string>()
      source.pipe(bufferExhaustMap((batch) => {
        batches.push(batch.join(''))
        return of(...batch)
      })).subscribe((result) => {
        if (result === 'a') for (const arrival of 'bc') source.next(arrival)
      })
      source.next('a')
      expect(batches).toEqual(['a', 'bc'])
    })

    it('runs 50,000 synchronous projections that each lead to the next', () => {
      let projected = 0
      const source = new Subject<number>()
      source.pipe(bufferExhaustMap((batch) => {
        projected += batch.length
        return of(batch)
      })).subscribe(() => { if (projected < 50_000) source.next(projected) })
      source.next(0)
      expect(projected).toBe(50_000)
    })

    it('lives on after thousands of arrivals during one projection', () => {
      const { batches, project, finish } = projections()
      const source = new Subject<string>()
      source.pipe(bufferExhaustMap(project)).subscribe()
      for (let arrival = 0; arrival < 5_000; arrival++) source.next('.')
      finish()
      finish()
      source.next('a')
      finish()
      source.next('b')
      expect(batches).toEqual(['.', '.'.repeat(4_999), 'a', 'b'])
    })
  })

  describe('ends', () => {
    it('projects what waits when its source completes, and completes after it', () => {
      marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
        const source$ = hot('  -abc|')
        const work$ = cold('    -----x|')
        const expected = '     ------x-----x|'
        expectObservable(source$.pipe(bufferExhaustMap(() => work$))).toBe(expected)
        expectSubscriptions(work$.subscriptions).toBe(['-^-----!', '-------^-----!'])
      })
    })

    it('completes at once when its source does while idle', () => {
      marbles(({ hot, cold, expectObservable }) => {
        const source$ = hot('  -a---|')
        const work$ = cold('    x|')
        const expected = '     -x---|'
        expectObservable(source$.pipe(bufferExhaustMap(() => work$))).toBe(expected)
      })
    })

    it('passes the error of a projection, drops what waits and leaves its source', () => {
      marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
        const source$ = hot('  -ab-------')
        const work$ = cold('    -x--#')
        const expected = '     --x--#'
        const subs = '         ^----!'
        expectObservable(source$.pipe(bufferExhaustMap(() => work$))).toBe(expected)
        expectSubscriptions(source$.subscriptions).toBe(subs)
        expectSubscriptions(work$.subscriptions).toBe('-^---!')
      })
    })

    it('passes the error of its source at once and ends the projection', () => {
      marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
        const source$ = hot('  -ab-#')
        const work$ = cold('    -----x|')
        const expected = '     ----#'
        expectObservable(source$.pipe(bufferExhaustMap(() => work$))).toBe(expected)
        expectSubscriptions(work$.subscriptions).toBe('-^--!')
      })
    })

    it('passes whatever project, seed, merge or isEmpty throws', () => {
      const broken = (): never => { throw new Error('broken') }
      const buffer = {
        seed: () => '',
        merge: (batch: string, arrival: string) => batch + arrival,
        isEmpty: (batch: string) => batch === '',
      }
      const operators = [
        bufferExhaustMap(broken),
        bufferExhaustMap(() => EMPTY, { ...buffer, seed: broken }),
        bufferExhaustMap(() => EMPTY, { ...buffer, merge: broken }),
        bufferExhaustMap(() => EMPTY, { ...buffer, isEmpty: broken }),
      ]
      for (const operator of operators) {
        const errors: unknown[] = []
        const source = new Subject<string>()
        source.pipe(operator).subscribe({ error: (error: unknown) => errors.push(error) })
        source.next('a')
        expect(errors).toEqual([new Error('broken')])
        expect(source.observed).toBe(false)
      }
    })

    it('ends source and projection when its subscriber leaves', () => {
      marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
        const source$ = hot('  -ab-------')
        const work$ = cold('    -----x|')
        const leave = '        ^---!'
        const expected = '     -----'
        expectObservable(source$.pipe(bufferExhaustMap(() => work$)), leave).toBe(expected)
        expectSubscriptions(source$.subscriptions).toBe('^---!')
        expectSubscriptions(work$.subscriptions).toBe('-^--!')
      })
    })

    it('projects no more when its subscriber leaves during a synchronous projection', () => {
      let produced = 0
      const source = new Subject<string>()
      const endless$ = new Observable<number>((subscriber) => {
        while (!subscriber.closed && produced < 1_000) subscriber.next(produced++)
      })
      const batches: string[][] = []
      source.pipe(
        bufferExhaustMap((batch) => {
          batches.push(batch)
          source.next('b')
          return endless$
        }),
        take(1),
      ).subscribe()
      source.next('a')
      expect(produced).toBe(1)
      expect(batches).toEqual([['a']])
    })
  })

  describe('with a buffer', () => {
    /** Sums by key; a key that comes to nothing leaves. */
    const ledger = {
      seed: () => new Map<string, number>(),
      merge: (sums: Map<string, number>, [key, amount]: readonly [string, number]) => {
        const sum = (sums.get(key) ?? 0) + amount
        if (sum === 0) sums.delete(key)
        else sums.set(key, sum)
        return sums
      },
      isEmpty: (sums: Map<string, number>) => sums.size === 0,
    }

    it('merges on arrival, and projects nothing where nothing is left', () => {
      marbles(({ hot, cold, expectObservable }) => {
        const arrivals = {
          a: ['a', 1], b: ['b', 1], c: ['b', 2], d: ['d', 1], e: ['d', -1],
        } as const
        const source$ = hot('  -a-bc-----de-----a-|', arrivals)
        const work$ = cold('    -----x|')
        const expected = '     ------x-----y---------x|'
        const result$ = source$.pipe(bufferExhaustMap(
          (sums) => work$.pipe(map(() => Object.fromEntries(sums))),
          ledger,
        ))
        expectObservable(result$).toBe(expected, { x: { a: 1 }, y: { b: 3 } })
      })
    })

    it('never hands out a batch that it goes on merging into', () => {
      const batches: Map<string, number>[] = []
      const source = new Subject<readonly [string, number]>()
      source.pipe(bufferExhaustMap((sums) => {
        batches.push(sums)
        return of(sums).pipe(delay(0))
      }, ledger)).subscribe().add(() => {
        expect(batches).toEqual([new Map([['a', 1]])])
      })
      source.next(['a', 1])
      source.next(['b', 1])
      expect(batches).toEqual([new Map([['a', 1]])])
    })

    it('starts anew for each subscriber', () => {
      const source = new Subject<readonly [string, number]>()
      const result$ = source.pipe(bufferExhaustMap((sums) => of([...sums]), ledger))
      const heard: unknown[] = []
      result$.subscribe((sums) => heard.push(sums))
      result$.subscribe((sums) => heard.push(sums))
      source.next(['a', 1])
      expect(heard).toEqual([[['a', 1]], [['a', 1]]])
    })
  })
})
