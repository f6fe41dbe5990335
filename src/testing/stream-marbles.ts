import { Observable, type Subscriber } from 'rxjs'
import type { VirtualClock } from './virtual-clock.ts'

/** One emission of a stream, and its time in ms. */
export type Emission<T> = { readonly at: number } & (
  | { readonly next: T }
  | { readonly error: unknown }
  | { readonly complete: true }
)

/** What the letters of a diagram stand for; themselves, by default. */
export type MarbleValues<T> = Readonly<Record<string, T>>

/** RxJS's own marbles on a virtual clock, for an application's streams beside the protocol's. */
export interface StreamMarbles {
  /**
   * What a diagram says, as a list to compare with: `expected('-a 9ms b|', { a: 1, b: 2 })`. As in
   * `TestScheduler.run`: a sign takes 1 ms, a group as many as its signs, a space none; `#` is the
   * error `'error'`.
   */
  expected<T = string>(marbles: string, values?: MarbleValues<T>): readonly Emission<T>[]
  /** A cold stream that plays a diagram from its subscription on. */
  cold<T = string>(marbles: string, values?: MarbleValues<T>): Observable<T>
  /** Subscribes at once, at time 0 of the list, which grows as time passes. */
  seen<T>(stream$: Observable<T>): readonly Emission<T>[]
}

/**
 * ```ts
 * const clock = virtualClock()
 * const { cold, seen, expected } = streamMarbles(clock)
 * const debounced = seen(cold('ab---c|').pipe(debounceTime(2, clock.scheduler)))
 * clock.runUntilIdle()
 * expect(debounced).toEqual(expected('---b--(c|)'))
 * ```
 */
export const streamMarbles = (clock: VirtualClock): StreamMarbles => ({
  expected: read,
  cold: (marbles, values) => new Observable((subscriber) => {
    for (const emission of read(marbles, values)) {
      subscriber.add(clock.after(emission.at, () => { emit(subscriber, emission) }))
    }
  }),
  seen<T> (stream$: Observable<T>) {
    const emissions: Emission<T>[] = []
    const start = clock.now()
    const note = (what: { next: T } | { error: unknown } | { complete: true }): void => {
      emissions.push({ at: clock.now() - start, ...what })
    }
    // Lives as long as the stream: a test that wants less takes less.
    void stream$.subscribe({
      next: (value) => { note({ next: value }) },
      error: (error: unknown) => { note({ error }) },
      complete: () => { note({ complete: true }) },
    })
    return emissions
  },
})

const emit = <T>(subscriber: Subscriber<T>, emission: Emission<T>): void => {
  if ('next' in emission) subscriber.next(emission.next)
  else if ('error' in emission) subscriber.error(emission.error)
  else subscriber.complete()
}

/** A duration between spaces, a group, or a sign. */
const TOKEN = / *(?:(?<=^| )(\d+(?:\.\d+)?)(ms|s|m)(?= |$)|\(([^)]*)\)|(\S))| +$/gu
const MS = { ms: 1, s: 1_000, m: 60_000 }

const read = <T>(marbles: string, values?: MarbleValues<T>): readonly Emission<T>[] => {
  let at = 0
  return [...marbles.matchAll(TOKEN)].flatMap(([, amount, unit, group, sign]) => {
    const start = at
    if (amount !== undefined) {
      at += Number(amount) * MS[unit as keyof typeof MS]
      return []
    }
    at += group === undefined ? 1 : group.length + 2
    const signs = Array.from(group ?? sign ?? '').filter((one) => one !== '-' && one !== ' ')
    return signs.map((one) => emissionOf(start, one, values))
  })
}

const emissionOf = <T>(at: number, sign: string, values?: MarbleValues<T>): Emission<T> => {
  if (sign === '|') return { at, complete: true }
  if (sign === '#') return { at, error: 'error' }
  // Without values, `T` is `string`.
  const isNamed = values !== undefined && Object.hasOwn(values, sign)
  return { at, next: (isNamed ? values[sign] : sign) as T }
}
