/** Tables, for the terminal and for `docs/benchmarks.md` alike: Markdown with aligned columns. */
import { CASES } from './cases.ts'
import type { Case } from './cases.ts'
import type { Metric } from './job.ts'
import { failureOf, spread } from './results.ts'
import type { Results, Row } from './results.ts'
import type { Spread } from './statistics.ts'
import type { Target, Verdict } from './targets.ts'

/** The columns of the tables: only those of which a case has a value are shown. */
const COLUMNS: readonly (readonly [metric: Metric, heading: string])[] = [
  ['megabytesPerSecond', 'MB/s'],
  ['blocksPerSecond', 'blocks/s'],
  ['p50Ms', 'p50 ms'],
  ['p99Ms', 'p99 ms'],
  ['duplicates', 'duplicates per block'],
  ['fairness', 'fairness'],
  ['cpuSeconds', 'CPU s'],
  ['peakRssMb', 'peak RSS MB'],
  ['heapBytesPerWant', 'bytes per want'],
  ['heapBytesPerPeer', 'bytes per peer'],
  ['microsecondsPerWant', 'µs per want'],
  ['gzipKb', 'KB'],
]

export const caseReport = (results: Results, { id, title }: Case): string => {
  const rows = results.rows.filter((row) => row.case === id)
  const columns = COLUMNS.filter(([metric]) => rows.some((row) => isShown(row, metric)))
  const cells = rows.map((row) => {
    const failure = failureOf(row)
    const figures = columns.map(([metric]) => spreadCell(spread(row, metric)))
    return [nameOf(row), ...failure === undefined ? figures : [failure]]
  })
  const headings = columns.map(([, heading]) => heading)
  const heading = `### ${id}: ${title} (${runsOf(rows)})`
  return `${heading}\n\n${table([['', ...headings], ...cells])}`
}

/** What targets compare is run more often; what has failed, not again. */
const runsOf = (rows: readonly Row[]): string => {
  const whole = rows.filter((row) => failureOf(row) === undefined)
  const counts = (whole.length > 0 ? whole : rows).map(({ outcomes }) => outcomes.length)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const runs = `${most} ${most === 1 ? 'run' : 'runs'}`
  return least < most ? `${runs}; ${least} of what no ratio needs` : runs
}

/** Cases that are about a metric; elsewhere it says nothing: a lone client is treated fairly. */
const ONLY: Partial<Record<Metric, string>> = { duplicates: 'e', fairness: 'f' }

const isShown = (row: Row, metric: Metric): boolean =>
  spread(row, metric) !== undefined && (ONLY[metric] ?? row.case) === row.case

const nameOf = ({ competitor, job }: Row): string =>
  competitor === 'reference' ? job : job === '' ? competitor : `${competitor}, ${job}`

const spreadCell = (value: Spread | undefined): string =>
  value === undefined
    ? '–'
    : value.low === value.high
      ? figure(value.median)
      : `**${figure(value.median)}** (${figure(value.low)}–${figure(value.high)})`

/** Three significant digits, or whole. */
export const figure = (value: number): string =>
  value >= 100
    ? Math.round(value).toLocaleString('en')
    : Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 4 })

export const verdictReport = (verdicts: readonly Verdict[]): string => table([
  ['case', 'what', 'measured', 'target', ''],
  ...verdicts.map(({ target, value, met }) => [
    target.case,
    target.says,
    value === undefined ? 'not measured' : figure(value),
    targetCell(target),
    met ? 'reached' : '**missed**',
  ]),
])

const targetCell = ({ atLeast, atMost }: Target): string =>
  atLeast === undefined ? `at most ${figure(atMost ?? Infinity)}` : `at least ${figure(atLeast)}`

const table = ([head, ...body]: readonly (readonly string[])[]): string => {
  const lengths = (column: number) => [head!, ...body].map((row) => row[column]?.length ?? 0)
  const widths = head!.map((_, column) => Math.max(3, ...lengths(column)))
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width)).join(' | ')} |`
  return [head!, widths.map((width) => '-'.repeat(width)), ...body].map(line).join('\n')
}

export const resultReport = (results: Results): string =>
  CASES.filter(({ id }) => results.rows.some((row) => row.case === id))
    .map((one) => caseReport(results, one))
    .join('\n\n')
