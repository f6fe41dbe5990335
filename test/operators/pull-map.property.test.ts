import fc from 'fast-check'
import { type Observable, of, Subject } from 'rxjs'
import { expect, it } from 'vitest'
import { pullMap } from '../../src/operators/index.ts'

/** A projection gives its result at once, or when its turn comes in the draw of `ends`. */
const projections = fc.array(fc.constantFrom('at once', 'later'), { maxLength: 30 })
const ends = fc.array(fc.nat(), { maxLength: 30 })

const check = (
  kinds: readonly string[],
  concurrency: number,
  ordered: boolean,
  ends: readonly number[],
): void => {
  const running: { readonly index: number, readonly work: Subject<number> }[] = []
  const results: number[] = []
  let started = 0
  let completed = false

  const project = ([index, kind]: readonly [number, string]): Observable<number> => {
    started += 1
    if (kind === 'at once') return of(index)
    const work = new Subject<number>()
    running.push({ index, work })
    return work
  }
  const end = (draw: number): void => {
    const [ended] = running.splice(draw % running.length, 1)
    ended?.work.next(ended.index)
    ended?.work.complete()
  }
  const expectFullWindow = (): void => {
    const inWindow = ordered ? started - results.length : running.length
    const done = started - inWindow
    expect(inWindow).toBe(Math.min(concurrency, kinds.length - done))
  }
  const options = { concurrency, ordered, maxWaiting: 0, overflow: () => new Error('overflow') }
  pullMap([...kinds.entries()], project, options).subscribe({
    next: (result) => results.push(result),
    complete: () => { completed = true },
  })
  expectFullWindow()
  for (const draw of ends) {
    if (running.length === 0) break
    end(draw)
    expectFullWindow()
  }
  while (running.length > 0) end(0)
  expect(ordered ? results : results.toSorted((a, b) => a - b)).toEqual([...kinds.keys()])
  expect(completed).toBe(true)
}

it('keeps the window full and no fuller, and loses nothing, on any schedule', () => {
  fc.assert(fc.property(projections, fc.integer({ min: 1, max: 5 }), fc.boolean(), ends, check))
})
