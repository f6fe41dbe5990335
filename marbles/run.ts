/** `npm run marbles`: runs every specification and prints a table, the same one each time. */
import { writeFileSync } from 'node:fs'
import { config } from 'rxjs'
import { readArguments } from '../bench/misuse.ts'
import { formatMarble } from '../src/testing/marble/format.ts'
import { MarbleSyntaxError } from '../src/testing/marble/syntax-error.ts'
import { reportOf } from '../src/testing/runner/report.ts'
import { runMarble } from '../src/testing/runner/run-marble.ts'
import { pathOf, readMarble } from './files.ts'
import { renderGallery } from './gallery.ts'
import { tryMutants } from './mutation.ts'
import { USAGE, optionsOf } from './options.ts'

/** What came of one file. */
export interface FileResult {
  readonly file: string
  readonly title: string
  /** Empty if all is as written. */
  readonly report: string
  /** How long it lasts, in virtual time. */
  readonly virtualMs: number
  /** What can take the file's place, where it could be run. */
  readonly actual?: string
}

const main = async (): Promise<void> => {
  const { action, files } = readArguments(USAGE, optionsOf)
  if (action === 'render') return renderGallery(files)
  if (action === 'mutants') return tryMutants(files)
  const results = await runAll(files)
  if (action === 'json') console.log(JSON.stringify(results))
  else printTable(results)
  if (action === 'update') update(results)
  else if (results.some(({ report }) => report !== '')) process.exitCode = 1
}

const runAll = async (files: readonly string[]): Promise<readonly FileResult[]> => {
  // What RxJS reports later, it reports within the run of the file that is to blame.
  const unhandled: unknown[] = []
  config.onUnhandledError = (error) => { unhandled.push(error) }
  const results: FileResult[] = []
  for (const file of files) {
    const result = runFile(file)
    await new Promise((resolve) => setTimeout(resolve))
    const thrown = unhandled.splice(0).map((error) => `Unhandled: ${errorText(error)}`)
    results.push({ ...result, report: [result.report, ...thrown].join('\n').trim() })
  }
  return results
}

const runFile = (file: string): FileResult => {
  try {
    const document = readMarble(file)
    const run = runMarble(document)
    const report = run.failures.length === 0 ? '' : reportOf(run, `marbles/${file}`)
    const { title, ticks, tickMs } = document
    return { file, title, report, virtualMs: ticks * tickMs, actual: formatMarble(run.actual) }
  } catch (error) {
    return { file, title: '', report: errorText(error), virtualMs: 0 }
  }
}

const errorText = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error instanceof MarbleSyntaxError ? error.message : error.stack ?? error.message
}

const printTable = (results: readonly FileResult[]): void => {
  const width = Math.max(0, ...results.map(({ file }) => file.length))
  for (const { file, title, report, virtualMs } of results) {
    const sign = report === '' ? '✓' : '✗'
    console.log(`${sign} ${file.padEnd(width)}  ${`${virtualMs}`.padStart(6)} ms  ${title}`)
  }
  const failed = results.filter(({ report }) => report !== '')
  for (const { report } of failed) console.log(`\n${report}`)
  console.log(`\n${results.length - failed.length} passed, ${failed.length} failed`)
}

const update = (results: readonly FileResult[]): void => {
  for (const { file, report, actual } of results) {
    if (report === '' || actual === undefined) continue
    writeFileSync(pathOf(file), actual)
    console.log(`Rewrote marbles/${file}: read the difference before you keep it`)
  }
}

await main()
