import { expect, it } from 'vitest'
import { CASES } from '../../bench/cases.ts'
import type { Metrics } from '../../bench/job.ts'
import { failureOf, newResults } from '../../bench/results.ts'
import type { Results } from '../../bench/results.ts'
import { fairnessOf, median, percentile } from '../../bench/statistics.ts'
import { TARGETS, isCompared, verdictOf } from '../../bench/targets.ts'

const add = (results: Results, competitor: string, job: string, metrics: Metrics): void =>
  results.add({ case: 'a', competitor, job }, { type: 'measured', metrics })

const [rawStreamTarget] = TARGETS.filter((target) => target.case === 'a')

it('a target compares medians of the same run', () => {
  const results = newResults()
  for (const megabytesPerSecond of [100, 900, 120]) {
    add(results, 'rx-bitswap', '', { megabytesPerSecond })
    add(results, 'reference', 'raw stream', { megabytesPerSecond: 200 })
  }
  expect(verdictOf(rawStreamTarget!, results)).toMatchObject({ value: 0.6, met: true })
})

it('a target whose measurement is missing in one run is missed', () => {
  const results = newResults()
  add(results, 'rx-bitswap', '', { megabytesPerSecond: 100 })
  results.add(
    { case: 'a', competitor: 'rx-bitswap', job: '' },
    { type: 'stalled', received: 1_024, of: 20_000, seconds: 60 },
  )
  add(results, 'reference', 'raw stream', { megabytesPerSecond: 100 })
  expect(verdictOf(rawStreamTarget!, results)).toMatchObject({ value: undefined, met: false })
  expect(failureOf(results.rows[0]!))
    .toBe('stalled after 60 s with 1,024 of 20,000 (1 of 2 runs)')
})

it.each(TARGETS)('a target names rows of its case: $case, $says', ({ case: id, of, to = of }) => {
  const { jobs, references } = CASES.find((one) => one.id === id)!
  for (const { competitor, job } of [of, to]) {
    expect(Object.keys(competitor === 'reference' ? references : jobs)).toContain(job)
  }
})

it('what a ratio is made of is compared', () => {
  expect(isCompared('a', { competitor: 'reference', job: 'raw stream' })).toBe(true)
  expect(isCompared('a', { competitor: '@helia/bitswap', job: '' })).toBe(false)
  expect(isCompared('d', { competitor: 'rx-bitswap', job: 'outstanding' })).toBe(false)
})

it('statistics', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3)
  expect(percentile([5, 1, 4, 2, 3], 0.99)).toBe(5)
  expect(fairnessOf([2, 2, 2, 2])).toBe(1)
  expect(fairnessOf([1, 0, 0, 0])).toBe(0.25)
})
