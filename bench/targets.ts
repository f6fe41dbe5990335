/** What each case is to reach, on ratios to what was measured in the same run. */
import type { Metric } from './job.ts'
import type { Results } from './results.ts'

export interface Target {
  readonly case: string
  readonly says: string
  /** `undefined` when something it needs was not measured: a miss. */
  readonly value: (results: Results) => number | undefined
  readonly atLeast?: number
  readonly atMost?: number
}

const OURS = 'rx-bitswap'
const INCUMBENT = '@helia/bitswap'

const ours = (id: string, metric: Metric, job = '') => (results: Results) =>
  results.median(id, OURS, job, metric)

const toReference = (id: string, metric: Metric, reference: string) => (results: Results) =>
  ratio(ours(id, metric)(results), results.median(id, 'reference', reference, metric))

const toIncumbent = (id: string, metric: Metric) => (results: Results) =>
  ratio(ours(id, metric)(results), results.median(id, INCUMBENT, '', metric))

const toOther = (id: string, metric: Metric, job: string, other: string) => (results: Results) =>
  ratio(ours(id, metric, job)(results), ours(id, metric, other)(results))

const ratio = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : one / other

export const TARGETS: readonly Target[] = [
  {
    case: 'a',
    says: 'x the raw stream',
    value: toReference('a', 'megabytesPerSecond', 'raw stream'),
    atLeast: 0.6,
  },
  { case: 'b', says: 'x the incumbent', value: toIncumbent('b', 'blocksPerSecond'), atLeast: 6 },
  {
    case: 'c',
    says: 'x the echo, median',
    value: toReference('c', 'p50Ms', 'echo on an open stream'),
    atMost: 2.5,
  },
  {
    case: 'd',
    says: 'x case b at 20,000',
    value: toOther('d', 'blocksPerSecond', '20,000', 'case b'),
    atLeast: 0.7,
  },
  {
    case: 'd',
    says: 'x case b at 100,000',
    value: toOther('d', 'blocksPerSecond', '100,000', 'case b'),
    atLeast: 0.7,
  },
  {
    case: 'd',
    says: 'bytes of heap per outstanding want',
    value: ours('d', 'heapBytesPerWant', 'outstanding'),
    atMost: 2_000,
  },
  { case: 'e', says: 'duplicates per block', value: ours('e', 'duplicates'), atMost: 0.05 },
  { case: 'e', says: 'x the incumbent', value: toIncumbent('e', 'blocksPerSecond'), atLeast: 3 },
  {
    case: 'f',
    says: 'x the raw stream, in all',
    value: toReference('f', 'megabytesPerSecond', 'raw stream'),
    atLeast: 0.5,
  },
  { case: 'f', says: 'Jain\'s index of fairness', value: ours('f', 'fairness'), atLeast: 0.95 },
  {
    case: 'g',
    says: 'x the raw stream between two processes',
    value: toReference('g', 'megabytesPerSecond', 'raw stream, 2 processes'),
    atLeast: 0.45,
  },
  {
    case: 'h',
    says: 'bytes of heap per peer',
    value: ours('h', 'heapBytesPerPeer', '2,000 peers'),
    atMost: 8_000,
  },
  {
    case: 'h',
    says: 'x the cost of a want beside 10 peers',
    value: toOther('h', 'microsecondsPerWant', '2,000 peers', '10 peers'),
    // "The same", as far as a loaded machine can tell.
    atMost: 1.25,
  },
  { case: 'i', says: 'KB', value: ours('i', 'gzipKb'), atMost: 25 },
]

export interface Verdict {
  readonly target: Target
  readonly value: number | undefined
  readonly met: boolean
}

export const verdictOf = (target: Target, results: Results): Verdict => {
  const value = target.value(results)
  const { atLeast = -Infinity, atMost = Infinity } = target
  return { target, value, met: value !== undefined && value >= atLeast && value <= atMost }
}
