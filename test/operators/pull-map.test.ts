import { ReadableStream } from 'node:stream/web'
import { EMPTY, from, lastValueFrom, map, NEVER, of, Subject, take, throwError } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import { pullMap, type PullMapOptions } from '../../src/operators/index.ts'
import { marbles } from './marbles.ts'

const overflow = (): Error => new Error('overflow')
const broken = (): never => { throw new Error('broken') }

/** What RxJS calls `Symbol.observable` where nobody has defined it. */
const observable = Reflect.get(Symbol, 'observable') as symbol | undefined ?? '@@observable'

const project = <T>(value: T) => of(value)

const options = (concurrency: number, more: Partial<PullMapOptions> = {}): PullMapOptions =>
  ({ concurrency, maxWaiting: 0, overflow, ...more })

/** An endless iterator of 0, 1, 2, ... that tells how it is used. */
const counter = () => {
  const use = { pulled: 0, returned: 0 }
  const next = () => ({ done: false, value: use.pulled++ })
  const end = () => {
    use.returned += 1
    return { done: true as const, value: undefined }
  }
  const iterable: Iterable<number> = { [Symbol.iterator]: () => ({ next, return: end }) }
  const asyncIterable: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve(next()),
      return: () => Promise.resolve(end()),
    }),
  }
  return { use, iterable, asyncIterable }
}

const altered = <T>(
  iterable: AsyncIterable<T>,
  change: Partial<AsyncIterator<T>>,
): AsyncIterable<T> => ({
  [Symbol.asyncIterator]: () => ({ ...iterable[Symbol.asyncIterator](), ...change }),
})

/** Gives every promise that is settled time to be heard. */
const settle = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })

describe('pullMap', () => {
  it('pulls the next value when a projection is over', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const works = {
        a: cold('      --a|'),
        b: cold('      ----b|'),
        c: cold('         --c|'),
      }
      const expected = '--a-bc|'
      const result$ = pullMap(['a', 'b', 'c'] as const, (key) => works[key], options(2))
      expectObservable(result$).toBe(expected)
      expectSubscriptions(works.a.subscriptions).toBe('^--!')
      expectSubscriptions(works.b.subscriptions).toBe('^----!')
      expectSubscriptions(works.c.subscriptions).toBe('---^--!')
    })
  })

  it('emits in the order of the input if told so; an early result keeps its place', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const works = {
        a: cold('      ---a--a|'),
        b: cold('      -b|'),
        c: cold('             --c|'),
      }
      const expected = '---a--ab-c|'
      const keys = ['a', 'b', 'c'] as const
      const result$ = pullMap(keys, (key) => works[key], options(2, { ordered: true }))
      expectObservable(result$).toBe(expected)
      expectSubscriptions(works.c.subscriptions).toBe('-------^--!')
    })
  })

  it('refuses a window with no room', () => {
    for (const concurrency of [0, -1, Number.NaN]) {
      expect(() => pullMap([], project, options(concurrency))).toThrow(`not ${concurrency}`)
    }
  })

  it.each([
    ['an array', () => [1, 2, 3]],
    ['a set', () => new Set([1, 2, 3])],
    ['a generator', function * () { yield* [1, 2, 3] }],
    ['an async generator', async function * () { yield* [1, 2, 3] }],
    ['a ReadableStream', () => ReadableStream.from([1, 2, 3])],
    ['an array-like', () => ({ 0: 1, 1: 2, 2: 3, length: 3 })],
    ['an Observable', () => of(1, 2, 3)],
    ['an interoperable Observable', () => ({ [observable]: () => of(1, 2, 3) })],
  ])('takes %s', async (_, input) => {
    for (const ordered of [true, false]) {
      const results: number[] = []
      await pullMap(input() as number[], (value) => of(value * 2), options(2, { ordered }))
        .forEach((result) => { results.push(result) })
      expect(results).toEqual([2, 4, 6])
    }
  })

  it('takes a string, character by character, and a promise', async () => {
    const results: string[] = []
    pullMap('ab', project, options(1)).subscribe((result) => results.push(result))
    await pullMap(Promise.resolve('c'), project, options(1))
      .forEach((result) => { results.push(result) })
    expect(results).toEqual(['a', 'b', 'c'])
  })

  it('starts anew for each subscriber', () => {
    const results: number[] = []
    const result$ = pullMap([1, 2], project, options(1))
    result$.subscribe((result) => results.push(result))
    result$.subscribe((result) => results.push(result))
    expect(results).toEqual([1, 2, 1, 2])
  })

  describe.each([true, false])('ordered: %s', (ordered) => {
    it.each([
      ['pulled', (input: readonly number[]) => [...input]],
      ['pushed', (input: readonly number[]) => from(input)],
    ])('runs 100,000 synchronous projections, %s', (_, inputOf) => {
      const input = Array.from({ length: 100_000 }, (_value, index) => index)
      const results: number[] = []
      pullMap(inputOf(input), (value) => of(value), options(3, { ordered }))
        .subscribe({ next: (result) => results.push(result), complete: () => results.push(-1) })
      expect(results).toHaveLength(100_001)
      expect(results.at(-1)).toBe(-1)
    })

    it('runs 100,000 synchronous projections that come to nothing', () => {
      const completed = vi.fn<() => void>()
      pullMap(Array.from({ length: 100_000 }), () => EMPTY, options(3, { ordered }))
        .subscribe({ complete: completed })
      expect(completed).toHaveBeenCalledOnce()
    })

    it('passes the first error of a projection and ends the others', () => {
      const works = [new Subject<never>(), new Subject<never>(), new Subject<never>()]
      const { use, iterable } = counter()
      const error = vi.fn<(error: unknown) => void>()
      pullMap(iterable, (value) => works[value] ?? NEVER, options(3, { ordered }))
        .subscribe({ error })
      works[1]?.error(new Error('broken'))
      works[0]?.error(new Error('too late'))
      expect(error).toHaveBeenCalledExactlyOnceWith(new Error('broken'))
      expect(works.map(({ observed }) => observed)).toEqual([false, false, false])
      expect(use).toEqual({ pulled: 3, returned: 1 })
    })

    it('ends every projection and the input when its subscriber leaves', () => {
      const works = [new Subject<never>(), new Subject<never>()]
      const { use, iterable } = counter()
      pullMap(iterable, (value) => works[value] ?? NEVER, options(2, { ordered }))
        .subscribe().unsubscribe()
      expect(works.map(({ observed }) => observed)).toEqual([false, false])
      expect(use).toEqual({ pulled: 2, returned: 1 })
    })

    it('keeps the order of results that lead to results', () => {
      const first = new Subject<string>()
      const second = new Subject<string>()
      const heard: string[] = []
      pullMap([first, second], (work$) => work$, options(2, { ordered })).subscribe((result) => {
        heard.push(result)
        if (result === 'a') first.next('c')
      })
      first.next('a')
      first.next('b')
      expect(heard).toEqual(['a', 'c', 'b'])
    })
  })

  describe('of an iterable', () => {
    it('pulls no more than it has room for', () => {
      const { use, iterable } = counter()
      const works: Subject<never>[] = []
      const subscription = pullMap(iterable, () => {
        const work = new Subject<never>()
        works.push(work)
        return work
      }, options(3)).subscribe()
      expect(use.pulled).toBe(3)
      works[1]?.complete()
      expect(use.pulled).toBe(4)
      subscription.unsubscribe()
    })

    it('takes what it needs of an endless one, and returns it', () => {
      const { use, iterable } = counter()
      const results: number[] = []
      pullMap(iterable, (value) => of(value), options(8)).pipe(take(3))
        .subscribe((result) => results.push(result))
      expect(results).toEqual([0, 1, 2])
      expect(use).toEqual({ pulled: 3, returned: 1 })
    })

    it('does not return one that has ended or thrown by itself', () => {
      const returned = vi.fn<() => IteratorReturnResult<undefined>>()
      const error = vi.fn<(error: unknown) => void>()
      for (const next of [() => ({ done: true as const, value: undefined }), broken]) {
        const iterable = { [Symbol.iterator]: () => ({ next, return: returned }) }
        pullMap(iterable, project, options(1)).subscribe({ error })
      }
      expect(error).toHaveBeenCalledExactlyOnceWith(new Error('broken'))
      expect(returned).not.toHaveBeenCalled()
    })

    it('ends a generator whose own code makes the subscriber leave', () => {
      const log: string[] = []
      const generate = function * () {
        try {
          yield 'first'
          subscription.unsubscribe()
          log.push('left')
          yield 'second'
        } finally {
          log.push('returned')
        }
      }
      const work = new Subject<never>()
      const subscription = pullMap(generate(), (value) => {
        log.push(value)
        return work
      }, options(1)).subscribe()
      work.complete()
      expect(log).toEqual(['first', 'left', 'returned'])
    })
  })

  describe('of an async iterable', () => {
    it('pulls one at a time, and no more than it has room for', async () => {
      const { use, asyncIterable } = counter()
      const subscription = pullMap(asyncIterable, () => NEVER, options(3)).subscribe()
      expect(use.pulled).toBe(1)
      await settle()
      expect(use.pulled).toBe(3)
      subscription.unsubscribe()
      expect(use.returned).toBe(1)
    })

    it('asks for one value at a time, whatever ends meanwhile', async () => {
      const { use, asyncIterable } = counter()
      const work = new Subject<never>()
      const subscription = pullMap(asyncIterable, () => work, options(3)).subscribe()
      while (!work.observed) await Promise.resolve()
      const { pulled } = use
      work.complete()
      expect(use.pulled).toBe(pulled)
      subscription.unsubscribe()
    })

    it('does not return one that has ended by itself', async () => {
      const ended = vi.fn(() => Promise.resolve({ done: true as const, value: undefined }))
      const empty = { [Symbol.asyncIterator]: () => ({ next: ended, return: ended }) }
      await lastValueFrom(pullMap(empty, () => NEVER, options(1)), { defaultValue: undefined })
      expect(ended).toHaveBeenCalledOnce()
    })

    it('drops a value that is on its way when the subscriber leaves, and returns', async () => {
      const { use, asyncIterable } = counter()
      const project = vi.fn(() => NEVER)
      pullMap(asyncIterable, project, options(3)).subscribe().unsubscribe()
      await settle()
      expect(use).toEqual({ pulled: 1, returned: 1 })
      expect(project).not.toHaveBeenCalled()
    })

    it('passes its error and does not return it', async () => {
      const { use, asyncIterable } = counter()
      const next = () => Promise.reject(new Error('broken'))
      const failing = altered(asyncIterable, { next })
      await expect(lastValueFrom(pullMap(failing, project, options(1)))).rejects.toThrow('broken')
      expect(use.returned).toBe(0)
    })

    it('lets a failing return pass, for nobody is left to hear of it', async () => {
      for (const end of [() => Promise.reject(new Error('broken')), broken]) {
        const { asyncIterable } = counter()
        const failing = altered(asyncIterable, { return: end })
        pullMap(failing, () => NEVER, options(1)).subscribe().unsubscribe()
        await settle()
      }
    })
  })

  describe('of an Observable', () => {
    it('lets values wait for the window, in order', () => {
      marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
        const source$ = hot('  -abc--|')
        const work$ = cold('    ----x|')
        const expected = '     -----a----b----c|'
        const result$ = pullMap(
          source$,
          (value) => work$.pipe(map(() => value)),
          options(1, { maxWaiting: 2 }),
        )
        expectObservable(result$).toBe(expected)
        expectSubscriptions(source$.subscriptions).toBe('^-----!')
      })
    })

    it('errors when one more than may wait would have to', () => {
      marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
        const source$ = hot('  -abcd--')
        const work$ = cold('    --------')
        const expected = '     ----#'
        const result$ = pullMap(source$, () => work$, options(1, { maxWaiting: 2 }))
        expectObservable(result$).toBe(expected, undefined, new Error('overflow'))
        expectSubscriptions(source$.subscriptions).toBe('^---!')
        expectSubscriptions(work$.subscriptions).toBe('-^--!')
      })
    })

    it('lets nothing wait that there is room for', () => {
      const results: number[] = []
      pullMap(of(1, 2, 3), project, options(1)).subscribe((result) => results.push(result))
      expect(results).toEqual([1, 2, 3])
    })
  })

  it('passes what project throws, and the error of its input', () => {
    const errors: unknown[] = []
    for (const result$ of [
      pullMap([1], broken, options(1)),
      pullMap(throwError(() => new Error('broken')), project, options(1)),
      pullMap({ [Symbol.iterator]: broken }, project, options(1)),
    ]) result$.subscribe({ error: (error: unknown) => errors.push(error) })
    expect(errors).toEqual(Array.from({ length: 3 }, () => new Error('broken')))
  })
})
