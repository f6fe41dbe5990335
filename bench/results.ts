import type { Metric } from './job.ts'
import type { Outcome } from './program.ts'
import { spreadOf } from './statistics.ts'
import type { Spread } from './statistics.ts'

/** All outcomes of one competitor's job in one case, one for each run until it fails. */
export interface Row {
  readonly case: string
  readonly competitor: string
  /** The job's name within its case; '' when there is one. */
  readonly job: string
  readonly outcomes: Outcome[]
}

/** What was measured in one run of the harness. */
export interface Results {
  readonly rows: readonly Row[]
  add (at: Omit<Row, 'outcomes'>, outcome: Outcome): void
  /** `undefined` unless every run measured it. */
  median (id: string, competitor: string, job: string, metric: Metric): number | undefined
}

export const newResults = (): Results => {
  const rows: Row[] = []
  const find = (id: string, competitor: string, job: string): Row | undefined =>
    rows.find((row) => row.case === id && row.competitor === competitor && row.job === job)
  return {
    rows,
    add: (at, outcome) => {
      const row = find(at.case, at.competitor, at.job)
      if (row === undefined) rows.push({ ...at, outcomes: [outcome] })
      else row.outcomes.push(outcome)
    },
    median: (id, competitor, job, metric) => {
      const row = find(id, competitor, job)
      return row === undefined ? undefined : spread(row, metric)?.median
    },
  }
}

/** Median, lowest and highest of a metric; `undefined` unless every run measured it. */
export const spread = ({ outcomes }: Row, metric: Metric): Spread | undefined => {
  const values = outcomes.map((outcome) =>
    outcome.type === 'measured' ? outcome.metrics[metric] : undefined)
  return values.every((value) => value !== undefined) ? spreadOf(values) : undefined
}

/** Why there is no measurement, if one run had none. */
export const failureOf = ({ outcomes }: Row): string | undefined => {
  const failures = outcomes.filter((outcome) => outcome.type !== 'measured')
  const [first] = failures
  if (first === undefined) return undefined
  const times = failures.length < outcomes.length
    ? ` (${failures.length} of ${outcomes.length} runs)`
    : ''
  return first.type === 'stalled'
    ? `stalled after ${first.seconds} s with ${count(first.received)} of ${count(first.of)}${times}`
    : `not run: ${first.reason}${times}`
}

const count = (value: number): string => value.toLocaleString('en')
