/** `npm run bench`: every case, every competitor, in turn, and what came of it. */
import { CASES } from './cases.ts'
import type { Case } from './cases.ts'
import { writeMeasured } from './document.ts'
import { measureGrowth } from './growth.ts'
import type { Job } from './job.ts'
import { machine } from './machine.ts'
import { readArguments } from './misuse.ts'
import { USAGE, optionsOf } from './options.ts'
import { findCompetitors, runJob } from './program.ts'
import type { Competitor } from './program.ts'
import { caseReport, resultReport, verdictReport } from './report.ts'
import { newResults } from './results.ts'
import type { Results } from './results.ts'
import { TARGETS, isCompared, verdictOf } from './targets.ts'
import { usedMemory } from './used-memory.ts'

const options = readArguments(USAGE, optionsOf)

/** Of what no target compares. */
const FEW_RUNS = 3

interface Entry {
  readonly competitor: Competitor
  readonly name: string
  readonly job: Job
  readonly runs: number
}

const entriesOf = (one: Case, competitors: readonly Competitor[]): Entry[] =>
  competitors.flatMap((competitor) =>
    Object.entries(competitor.kind === 'contender' ? one.jobs : one.references)
      .map(([name, job]) => ({ competitor, name, job, runs: runsOf(one, competitor, name) })))

const runsOf = ({ id, runs }: Case, { name: competitor }: Competitor, job: string): number =>
  options.runs ?? (isCompared(id, { competitor, job }) ? runs : FEW_RUNS)

/**
 * Everybody's turn comes before anybody's second, so that a slow spell of the machine meets all.
 * What has failed once has no median: it is not run again.
 */
const runCase = async (
  one: Case,
  competitors: readonly Competitor[],
  results: Results,
): Promise<void> => {
  let entries = entriesOf(one, competitors)
  for (let run = 0; entries.length > 0; run += 1) {
    const failed = new Set<Entry>()
    for (const entry of entries) {
      const { competitor, name, job } = entry
      process.stderr.write(`case ${one.id}, run ${run + 1}: ${competitor.name} ${name}\n`)
      await usedMemory()
      const outcome = await runJob(competitor, job, one.limitSeconds)
      results.add({ case: one.id, competitor: competitor.name, job: name }, outcome)
      if (outcome.type !== 'measured') failed.add(entry)
    }
    entries = entries.filter((entry) => run + 1 < entry.runs && !failed.has(entry))
  }
}

const measure = async (): Promise<void> => {
  const { cases } = options
  const competitors = await findCompetitors()
  const results = newResults()
  for (const one of cases) {
    await runCase(one, competitors, results)
    if (!options.json) console.log(`${caseReport(results, one)}\n`)
  }
  const verdicts = TARGETS.filter((target) => cases.some(({ id }) => id === target.case))
    .map((target) => verdictOf(target, results))

  if (options.json) {
    console.log(JSON.stringify({ machine: machine(), rows: results.rows }, null, 2))
  } else {
    console.log(verdictReport(verdicts))
  }
  if (cases.length === CASES.length) {
    const method = `Medians (lowest–highest). ${machine()}`
    await writeMeasured([method, verdictReport(verdicts), resultReport(results)].join('\n\n'))
  }
  if (options.check && verdicts.some(({ met }) => !met)) process.exitCode = 1
}

if (options.help) console.log(USAGE)
else if (options.growth) await measureGrowth()
else await measure()
