/** Plants bugs in the core, one at a time, and sees which specifications notice. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { MUTANTS } from './mutants.ts'
import type { Mutant } from './mutants.ts'
import type { FileResult } from './run.ts'

/** A mutant that runs longer is stuck, which is noticed, too. */
const LIMIT_MS = 60_000

/** Two cores are what a small machine has. */
const AT_A_TIME = 2

interface Verdict {
  readonly mutant: Mutant
  /** The specifications that fail with it. */
  readonly caughtBy: readonly string[]
  /** Why it could not be judged. */
  readonly problem?: string
}

/** Tries every mutant against these files and prints which caught which. Fails if one survives. */
export const tryMutants = async (files: readonly string[]): Promise<void> => {
  const left = MUTANTS.values()
  const verdicts: Verdict[] = []
  const worker = async (): Promise<void> => {
    for (const mutant of left) {
      const verdict = await judge(mutant, files)
      verdicts.push(verdict)
      console.log(verdictText(verdict))
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, worker))
  const survivors = verdicts.filter(({ caughtBy }) => caughtBy.length === 0)
  console.log(`\n${verdicts.length - survivors.length} of ${verdicts.length} mutants caught`)
  if (survivors.length > 0) process.exitCode = 1
}

const judge = async (mutant: Mutant, files: readonly string[]): Promise<Verdict> => {
  const { output, problem } = await runMutated(mutant, files)
  if (problem === 'stuck') return { mutant, caughtBy: ['(the run is stuck)'] }
  if (problem !== undefined) return { mutant, caughtBy: [], problem }
  const results = JSON.parse(output) as readonly FileResult[]
  return { mutant, caughtBy: results.filter(({ report }) => report !== '').map(({ file }) => file) }
}

interface Outcome {
  readonly output: string
  readonly problem?: string
}

/** Another process: a mutant must not outlive its trial, and may never end. */
const runMutated = (mutant: Mutant, files: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
    const child = spawn(
      process.execPath,
      ['--import', path('mutate.ts'), path('run.ts'), '--json', ...files],
      {
        env: { ...process.env, RX_BITSWAP_MUTANT: mutant.name },
        timeout: LIMIT_MS,
        killSignal: 'SIGKILL',
      },
    )
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString() })
    child.stderr.on('data', (chunk: Buffer) => { errors += chunk.toString() })
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve({ output, problem: 'stuck' })
      else if (output === '') resolve({ output, problem: errors || `exit code ${code}` })
      else resolve({ output })
    })
  })

const verdictText = ({ mutant, caughtBy, problem }: Verdict): string => {
  const [first, ...others] = caughtBy
  if (problem !== undefined) return `✗ ${mutant.name}: cannot be planted\n${problem}`
  if (first === undefined) return `✗ ${mutant.name}: survives\n    ${mutant.bug}`
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `✓ ${mutant.name}: caught by ${first}${more}`
}
