import { NEVER, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { TimeoutError } from '../../src/errors.ts'
import { deadlineMs, within } from '../../src/network/deadline.ts'
import { lateness } from '../../src/network/lateness.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'

describe('a deadline', () => {
  it.each([
    ['nothing', 0, 10_000],
    ['100 kB', 100_000, 10_000],
    ['256 KiB', 256 * 1024, 22_971.52],
    ['1 MiB', 1024 * 1024, 85_886.08],
    ['2 MiB', 2 * 1024 * 1024, 120_000],
  ])('for %s is 2 s and 100 kbit/s, from 10 s to 2 min', (_, byteLength, expected) => {
    expect(deadlineMs(byteLength)).toBe(expected)
  })

  it('errors what has not ended, and costs no timer where that is at once', () => {
    const clock = virtualClock()
    const ends: unknown[] = []
    of(1).pipe(within(clock, 10, 'A')).subscribe((value) => ends.push(value, clock.pending))
    expect(ends).toEqual([1, 0])
    NEVER.pipe(within(clock, 10, 'B')).subscribe({ error: (error: unknown) => ends.push(error) })
    NEVER.pipe(within(clock, 10, 'C')).subscribe().unsubscribe()
    expect(clock.pending).toBe(1)
    clock.advance(10)
    expect(ends[2]).toEqual(new TimeoutError('B', 10))
  })
})

describe('lateness', () => {
  it('is counted from the last beginning, with one timer for all', () => {
    const clock = virtualClock()
    const late: number[] = []
    const { unfinished, whole } = lateness(clock, 100, () => late.push(clock.now()))
    for (let begun = 0; begun < 10; begun++) {
      unfinished(0)
      clock.advance(30)
      unfinished(0)
      expect(clock.pending).toBe(1)
      whole()
    }
    unfinished(0)
    clock.advance(99)
    expect(late).toEqual([])
    clock.advance(1)
    expect(late).toEqual([400])
  })

  it('is put off by what has been done', () => {
    const clock = virtualClock()
    const late: number[] = []
    const { unfinished } = lateness(clock, 100, () => late.push(clock.now()))
    unfinished(0)
    clock.advance(90)
    unfinished(50)
    clock.advance(59)
    expect(late).toEqual([])
    clock.advance(1)
    expect(late).toEqual([150])
  })

  it('ends with what it watches', () => {
    const clock = virtualClock()
    const { unfinished, stop } = lateness(clock, 100, () => { throw new Error('late') })
    unfinished(0)
    stop()
    expect(clock.pending).toBe(0)
  })
})
