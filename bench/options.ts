import { parseArgs } from 'node:util'
import { CASES } from './cases.ts'
import type { Case } from './cases.ts'

export const USAGE = `npm run bench [-- options]
  --case a,b    only these cases (default: all; only then is docs/benchmarks.md written)
  --runs N      runs of each (default 3; more of what targets compare)
  --json        the results as JSON
  --check       compare with the targets; exit 1 on a miss
  --growth      plot growth into docs/ instead`

export interface Options {
  readonly cases: readonly Case[]
  /** Of everything, instead of what each case has by itself. */
  readonly runs: number | undefined
  readonly json: boolean
  readonly check: boolean
  readonly growth: boolean
  readonly help: boolean
}

/** Throws on what cannot be meant. */
export const optionsOf = (args: string[]): Options => {
  const { values } = parseArgs({
    args,
    options: {
      case: { type: 'string' },
      runs: { type: 'string' },
      json: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      growth: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.growth && args.length > 1) {
    throw new Error('--growth goes alone: what it plots is always the same')
  }
  return { ...values, cases: casesOf(values.case), runs: runsOf(values.runs) }
}

const casesOf = (text: string | undefined): readonly Case[] => {
  const ids = text?.split(',')
  const unknown = ids?.find((id) => !CASES.some((one) => one.id === id))
  if (unknown !== undefined) throw new Error(`There is no case '${unknown}'`)
  return CASES.filter(({ id }) => ids?.includes(id) ?? true)
}

const runsOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined
  const runs = Number(text)
  if (Number.isSafeInteger(runs) && runs >= 1) return runs
  throw new Error(`--runs must be a whole number of at least 1, not '${text}'`)
}
