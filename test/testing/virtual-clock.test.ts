import fc from 'fast-check'
import { interval, NEVER, take, timeout, timer } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../src/testing/virtual-clock.ts'

describe('virtualClock', () => {
  it('runs nothing until time passes', () => {
    const clock = virtualClock()
    const ran: string[] = []
    clock.after(0, () => ran.push('timer'))
    clock.soon(() => ran.push('soon'))
    expect(ran).toEqual([])
    expect(clock.pending).toBe(2)
    clock.settle()
    expect(ran).toEqual(['soon'])
    clock.advance(0)
    expect(ran).toEqual(['soon', 'timer'])
    expect(clock.pending).toBe(0)
  })

  it('runs timers by time, those of one time in the order of asking', () => {
    const clock = virtualClock()
    const ran: string[] = []
    for (const [name, delay] of [['c', 3], ['a', 1], ['b', 1], ['d', 3]] as const) {
      clock.after(delay, () => ran.push(`${name}${clock.now()}`))
    }
    clock.advance(2)
    expect(ran).toEqual(['a1', 'b1'])
    expect(clock.now()).toBe(2)
    clock.advanceTo(3)
    expect(ran).toEqual(['a1', 'b1', 'c3', 'd3'])
  })

  it('empties the soon queue after each timer, in order, before the next one', () => {
    const clock = virtualClock()
    const ran: string[] = []
    clock.after(1, () => {
      clock.soon(() => {
        ran.push('soon 1')
        clock.soon(() => ran.push('soon 3'))
      })
      clock.soon(() => ran.push('soon 2'))
    })
    clock.after(1, () => ran.push('timer'))
    clock.advance(1)
    expect(ran).toEqual(['soon 1', 'soon 2', 'soon 3', 'timer'])
  })

  it('never runs a cancelled timer', () => {
    const clock = virtualClock()
    const ran: number[] = []
    const cancels = Array.from({ length: 1_000 }, (_, i) => clock.after(i % 7, () => ran.push(i)))
    cancels.forEach((cancel, i) => { if (i % 10 !== 0) cancel() })
    expect(clock.pending).toBe(100)
    cancels[1]?.()
    expect(clock.pending).toBe(100)
    clock.runUntilIdle()
    expect(ran.length).toBe(100)
    expect(ran.every((i) => i % 10 === 0)).toBe(true)
    cancels[0]?.()
    expect(clock.pending).toBe(0)
  })

  it('agrees with a sorted list, whatever is armed and cancelled when', () => {
    const steps = fc.array(fc.oneof(
      fc.record({ arm: fc.integer({ min: 0, max: 20 }) }),
      fc.record({ cancel: fc.nat(200) }),
      fc.record({ advance: fc.integer({ min: 0, max: 5 }) }),
    ), { maxLength: 300 })
    fc.assert(fc.property(steps, (list) => {
      const clock = virtualClock()
      const ran: number[] = []
      const expected: number[] = []
      let model: { at: number, id: number }[] = []
      const cancels: (() => void)[] = []
      const pass = (time: number): void => {
        const due = model.filter(({ at }) => at <= time).sort((a, b) => a.at - b.at || a.id - b.id)
        expected.push(...due.map(({ id }) => id))
        model = model.filter(({ at }) => at > time)
      }
      for (const step of list) {
        if ('arm' in step) {
          const id = cancels.length
          model.push({ at: clock.now() + step.arm, id })
          cancels.push(clock.after(step.arm, () => ran.push(id)))
        } else if ('cancel' in step) {
          cancels[step.cancel]?.()
          model = model.filter(({ id }) => id !== step.cancel)
        } else {
          pass(clock.now() + step.advance)
          clock.advance(step.advance)
        }
        expect(clock.pending).toBe(model.length)
      }
      expect(ran).toEqual(expected)
    }))
  })

  it('tells when the next task is due', () => {
    const clock = virtualClock(10)
    expect(clock.next).toBe(undefined)
    clock.after(5, () => {})
    expect(clock.next).toBe(15)
    clock.soon(() => {})
    expect(clock.next).toBe(10)
  })

  it('stays usable after a task threw', () => {
    const clock = virtualClock()
    const ran: string[] = []
    clock.after(1, () => { throw new Error('broken task') })
    clock.after(1, () => ran.push('the next one'))
    expect(() => { clock.advance(2) }).toThrow('broken task')
    clock.advanceTo(2)
    expect(ran).toEqual(['the next one'])
  })

  it('refuses to go back, to be moved by a task, and to run for ever', () => {
    const clock = virtualClock(5)
    expect(() => { clock.advanceTo(4) }).toThrow('Time cannot go from 5 ms to 4 ms')
    expect(() => { clock.after(NaN, () => {}) }).toThrow('A timer cannot run after NaN ms')
    clock.after(1, () => { clock.advance(1) })
    expect(() => { clock.advance(1) }).toThrow('must not advance it')
    const again = (): void => { clock.soon(again) }
    clock.soon(again)
    expect(() => { clock.settle() }).toThrow('answer each other for ever')
  })

  it('says so when a repeating timer never comes to rest', () => {
    const clock = virtualClock()
    const again = (): void => { clock.after(1_000, again) }
    again()
    expect(() => { clock.runUntilIdle(10_000) }).toThrow('Still 1 timers after 10000 ms')
  })

  it('says so when timers keep time from going on', () => {
    const clock = virtualClock()
    interval(0, clock.scheduler).subscribe()
    expect(() => { clock.runUntilIdle(10) }).toThrow('tasks ran at 0 ms')
  })

  it('runs RxJS operators that take a scheduler', () => {
    const clock = virtualClock()
    const seen: string[] = []
    timer(5, 10, clock.scheduler).pipe(take(3)).subscribe((n) => {
      seen.push(`${n} at ${clock.now()}`)
    })
    NEVER.pipe(timeout({ each: 12, scheduler: clock.scheduler })).subscribe({
      error: (error: unknown) => seen.push(`${(error as Error).name} at ${clock.now()}`),
    })
    const running = interval(1, clock.scheduler).subscribe()
    clock.advance(20)
    running.unsubscribe()
    clock.runUntilIdle()
    expect(seen).toEqual(['0 at 5', 'TimeoutError at 12', '1 at 15', '2 at 25'])
    expect(clock.pending).toBe(0)
  })
})
