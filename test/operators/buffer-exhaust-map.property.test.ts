import fc from 'fast-check'
import { EMPTY, finalize, type Observable, type ObservableInput, of, Subject } from 'rxjs'
import { expect, it } from 'vitest'
import { bufferExhaustMap } from '../../src/operators/index.ts'

/** How one projection goes. */
interface Course {
  readonly end: 'at once' | 'at once, without a result' | 'at once, as an array' | 'later'
  /** Arrivals that it causes from inside: while it is made, by its result, and by its teardown. */
  readonly whileProjecting: number
  readonly byResult: number
  readonly byTeardown: number
}

const few = fc.nat({ max: 2 })
const course: fc.Arbitrary<Course> = fc.record({
  end: fc.constantFrom(
    'at once', 'at once, without a result', 'at once, as an array', 'later',
  ),
  whileProjecting: few,
  byResult: few,
  byTeardown: few,
})

/** Once the drawn courses are used up, projections end at once and cause nothing. */
const uneventful: Course = { end: 'at once', whileProjecting: 0, byResult: 0, byTeardown: 0 }

/** What happens from outside: an arrival, or the end of the projection that is going on. */
const step = fc.constantFrom('arrival', 'arrival', 'end')

const world = (courses: readonly Course[]) => {
  const source = new Subject<number>()
  const left = [...courses]
  const state = { arrived: 0, projected: [] as number[], projecting: 0, completed: false }
  let ongoing: Subject<Course> | undefined

  const arrive = (times: number): void => {
    for (let i = 0; i < times; i++) source.next(state.arrived++)
  }
  const work = (course: Course): Observable<Course> => {
    if (course.end === 'at once') return of(course)
    if (course.end === 'at once, without a result') return EMPTY
    ongoing = new Subject()
    return ongoing
  }
  const project = (batch: number[]): ObservableInput<Course> => {
    state.projecting += 1
    expect(state.projecting).toBe(1)
    expect(batch).not.toHaveLength(0)
    state.projected.push(...batch)
    const course = left.shift() ?? uneventful
    arrive(course.whileProjecting)
    if (course.end === 'at once, as an array') {
      state.projecting -= 1
      return [course]
    }
    return work(course).pipe(finalize(() => {
      arrive(course.byTeardown)
      state.projecting -= 1
    }))
  }
  source.pipe(bufferExhaustMap(project)).subscribe({
    next: ({ byResult }) => arrive(byResult),
    complete: () => { state.completed = true },
  })
  return { state, arrive, end: () => ongoing?.complete(), complete: () => source.complete() }
}

it('projects each arrival once, in order, none late, one batch at a time, on any schedule', () => {
  const schedule = [fc.array(course, { maxLength: 20 }), fc.array(step, { maxLength: 60 })] as const
  fc.assert(fc.property(...schedule, (courses, steps) => {
    const { state, arrive, end, complete } = world(courses)
    for (const what of steps) {
      if (what === 'arrival') arrive(1)
      else end()
      if (state.projecting === 0) expect(state.projected).toHaveLength(state.arrived)
    }
    const arrivals = Array.from({ length: state.arrived }, (_, index) => index)
    complete()
    while (state.projecting > 0) end()
    expect(state.projected).toEqual(arrivals)
    expect(state.completed).toBe(true)
  }), { numRuns: 2_000 })
})
