/** What each case is to reach: counts, and ratios to what was measured in the same run. */
import type { Metric } from './job.ts'
import type { Results, Row } from './results.ts'

/** Whose row of a case it is. */
type Subject = Pick<Row, 'competitor' | 'job'>

export interface Target {
  readonly case: string
  readonly says: string
  readonly metric: Metric
  readonly of: Subject
  /** What it is divided by, for a ratio. */
  readonly to?: Subject
  readonly atLeast?: number
  readonly atMost?: number
}

const ours = (job = ''): Subject => ({ competitor: 'rx-bitswap', job })
const reference = (job: string): Subject => ({ competitor: 'reference', job })
const INCUMBENT: Subject = { competitor: '@helia/bitswap', job: '' }

export const TARGETS: readonly Target[] = [
  {
    case: 'a',
    says: 'x the raw stream',
    metric: 'megabytesPerSecond',
    of: ours(),
    to: reference('raw stream'),
    atLeast: 0.6,
  },
  {
    case: 'b',
    says: 'x the incumbent',
    metric: 'blocksPerSecond',
    of: ours(),
    to: INCUMBENT,
    atLeast: 6,
  },
  {
    case: 'c',
    says: 'x the echo, median',
    metric: 'p50Ms',
    of: ours(),
    to: reference('echo on an open stream'),
    atMost: 2.5,
  },
  {
    case: 'd',
    says: 'x case b at 20,000',
    metric: 'blocksPerSecond',
    of: ours('20,000'),
    to: ours('case b'),
    atLeast: 0.7,
  },
  {
    case: 'd',
    says: 'x case b at 100,000',
    metric: 'blocksPerSecond',
    of: ours('100,000'),
    to: ours('case b'),
    atLeast: 0.7,
  },
  {
    case: 'd',
    says: 'bytes of heap per outstanding want',
    metric: 'heapBytesPerWant',
    of: ours('outstanding'),
    atMost: 2_000,
  },
  {
    case: 'e',
    says: 'duplicates per block',
    metric: 'duplicates',
    of: ours(),
    atMost: 0.05,
  },
  {
    case: 'e',
    says: 'x the incumbent',
    metric: 'blocksPerSecond',
    of: ours(),
    to: INCUMBENT,
    atLeast: 3,
  },
  {
    case: 'f',
    says: 'x the raw stream, in all',
    metric: 'megabytesPerSecond',
    of: ours(),
    to: reference('raw stream'),
    atLeast: 0.5,
  },
  {
    case: 'f',
    says: 'Jain\'s index of fairness',
    metric: 'fairness',
    of: ours(),
    atLeast: 0.95,
  },
  {
    case: 'g',
    says: 'x the raw stream between two processes',
    metric: 'megabytesPerSecond',
    of: ours(),
    to: reference('raw stream, 2 processes'),
    atLeast: 0.45,
  },
  {
    case: 'h',
    says: 'bytes of heap per peer',
    metric: 'heapBytesPerPeer',
    of: ours('2,000 peers'),
    atMost: 8_000,
  },
  {
    case: 'h',
    says: 'x the cost of a want beside 10 peers',
    metric: 'microsecondsPerWant',
    of: ours('2,000 peers'),
    to: ours('10 peers'),
    // "The same", as far as a loaded machine can tell.
    atMost: 1.25,
  },
  { case: 'i', says: 'KB', metric: 'gzipKb', of: ours(), atMost: 25 },
]

/** Whether a ratio is made of it, which is as noisy as both its sides. */
export const isCompared = (id: string, { competitor, job }: Subject): boolean =>
  TARGETS.some(({ case: its, of, to }) => its === id && to !== undefined
    && [of, to].some((subject) => subject.competitor === competitor && subject.job === job))

export interface Verdict {
  readonly target: Target
  /** `undefined` when something it needs was not measured: a miss. */
  readonly value: number | undefined
  readonly met: boolean
}

export const verdictOf = (target: Target, results: Results): Verdict => {
  const value = valueOf(target, results)
  const { atLeast = -Infinity, atMost = Infinity } = target
  return { target, value, met: value !== undefined && value >= atLeast && value <= atMost }
}

const valueOf = ({ case: id, metric, of, to }: Target, results: Results): number | undefined => {
  const median = ({ competitor, job }: Subject): number | undefined =>
    results.median(id, competitor, job, metric)
  const value = median(of)
  if (value === undefined || to === undefined) return value
  const divisor = median(to)
  return divisor === undefined ? undefined : value / divisor
}
