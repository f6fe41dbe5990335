import { concat, debounceTime, delay, merge, of, throwError } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'
import { describe, expect, it } from 'vitest'
import { streamMarbles } from '../../src/testing/stream-marbles.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'

/** When RxJS plays each letter of a diagram, in ms. */
const timesInRxJS = (marbles: string): readonly number[] => {
  const times: number[] = []
  new TestScheduler(() => {}).run(({ cold }) => {
    for (const { frame } of cold(marbles).messages) times.push(frame)
  })
  return times
}

describe('streamMarbles', () => {
  it('reads values, errors and ends', () => {
    const { expected } = streamMarbles(virtualClock())
    expect(expected('-a 9ms (b|)', { a: 1, b: 2 })).toEqual([
      { at: 1, next: 1 }, { at: 11, next: 2 }, { at: 11, complete: true },
    ])
    expect(expected('1s #')).toEqual([{ at: 1_000, error: 'error' }])
  })

  it.each(['a-b|', '-a 9ms (bc|)', '(ab)-c', ' a 1.5s b 2m c ', '--(ab)(c|)', '9a', '-é'])(
    'reads the times of %j as RxJS does',
    (marbles) => {
      const { expected } = streamMarbles(virtualClock())
      expect(expected(marbles).map(({ at }) => at)).toEqual(timesInRxJS(marbles))
    },
  )

  it('takes the values of letters as they are, absent ones too', () => {
    const { expected } = streamMarbles(virtualClock())
    expect(expected('abc', { a: null, b: undefined })).toEqual([
      { at: 0, next: null }, { at: 1, next: undefined }, { at: 2, next: 'c' },
    ])
  })

  it('plays cold streams from their subscription on, and hears others', () => {
    const clock = virtualClock()
    const { cold, seen, expected } = streamMarbles(clock)
    clock.advance(7)
    const debounced = seen(cold('ab---c|').pipe(debounceTime(2, clock.scheduler)))
    const late = seen(merge(cold('a-b|'), cold('-c--|')).pipe(delay(3, clock.scheduler)))
    const failed = seen(concat(of('x'), throwError(() => new Error('gone'))))
    clock.runUntilIdle()
    expect(debounced).toEqual(expected('---b--(c|)'))
    expect(late).toEqual(expected('---ac(b|)'))
    expect(failed).toEqual([{ at: 0, next: 'x' }, { at: 0, error: new Error('gone') }])
  })

  it('stops with its subscriber', () => {
    const clock = virtualClock()
    streamMarbles(clock).cold('--a--|').subscribe().unsubscribe()
    expect(clock.pending).toBe(0)
  })
})
