import { concat, NEVER, of, Subject, take, throwError } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import { stateOf } from '../../src/operators/index.ts'
import { marbles } from './marbles.ts'

describe('stateOf', () => {
  it('has the current value first, then every different one, and ends with its changes', () => {
    marbles(({ hot, expectObservable }) => {
      const state$ = hot('   -a--b-b----c-|')
      const change$ = hot('  -x--x-xx---x-|')
      const expected = '     0a--b------c-|'
      let current = '0'
      state$.subscribe((value) => { current = value })
      expectObservable(stateOf(() => current, change$)).toBe(expected)
    })
  })

  it('starts with the value of the moment, for each subscriber', () => {
    let current = 1
    const values: number[] = []
    const state$ = stateOf(() => current, NEVER)
    state$.subscribe((value) => values.push(value))
    current = 2
    state$.subscribe((value) => values.push(value))
    expect(values).toEqual([1, 2])
  })

  it('has a last value when it is over already', () => {
    marbles(({ expectObservable }) => {
      expectObservable(stateOf(() => 'a', of('change'))).toBe('(a|)')
    })
  })

  it('reads only while somebody listens, and once for each change', () => {
    const change = new Subject<void>()
    const read = vi.fn(() => ({}))
    const state$ = stateOf(read, change)
    change.next()
    expect(read).not.toHaveBeenCalled()
    const subscription = state$.subscribe()
    change.next()
    expect(read).toHaveBeenCalledTimes(2)
    subscription.unsubscribe()
    change.next()
    expect(read).toHaveBeenCalledTimes(2)
  })

  it('compares as it is told', () => {
    marbles(({ hot, expectObservable }) => {
      const change$ = hot('  -a-b-c-|')
      const expected = '     x----y-|'
      const sizes = [[1], [2], [3], [1, 2]]
      const state$ = stateOf(() => sizes.shift() ?? [], change$, (a, b) => a.length === b.length)
      expectObservable(state$).toBe(expected, { x: [1], y: [1, 2] })
    })
  })

  it('misses no change made by whoever hears the value before, and keeps the order', () => {
    const change = new Subject<void>()
    let current = 0
    const set = (value: number): void => {
      current = value
      change.next()
    }
    const values: number[] = []
    stateOf(() => current, change).subscribe((value) => {
      values.push(value)
      if (value < 3) set(value + 1)
      values.push(-value)
    })
    expect(values).toEqual([0, -0, 1, -1, 2, -2, 3, -3])
  })

  it('is over for a subscriber that leaves at the first value', () => {
    const change = new Subject<void>()
    const read = vi.fn(() => 'a')
    stateOf(read, change).pipe(take(1)).subscribe()
    expect(change.observed).toBe(false)
  })

  it('passes what read, equals or its changes throw', () => {
    const broken = (): never => { throw new Error('broken') }
    const changes$ = concat(of(1), NEVER)
    const change = new Subject<void>()
    const errors: unknown[] = []
    let reads = 0
    const readOnce = (): number => reads++ === 0 ? reads : broken()
    for (const state$ of [
      stateOf(broken, NEVER),
      stateOf(readOnce, change),
      stateOf(() => 1, change, broken),
      stateOf(() => 1, concat(changes$.pipe(take(1)), throwError(() => new Error('broken')))),
    ]) state$.subscribe({ error: (error: unknown) => errors.push(error) })
    change.next()
    expect(errors).toEqual(Array.from({ length: 4 }, () => new Error('broken')))
    expect(change.observed).toBe(false)
  })
})
