import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { EMPTY, Observable } from 'rxjs'
import { Failure } from '../failure.ts'
import type { Report } from '../report.ts'

/** The command beside this one: source beside source, build beside build. */
const MAIN = fileURLToPath(import.meta.url).replace(/demo[/\\]spawned(\.[jt]s)$/, 'main$1')

/**
 * Runs a command in a process of its own, and emits its reports until it ends. `until$` and
 * unsubscribing are its Ctrl-C. Fails when it ends with a failure, or before it was told to.
 */
export const spawned = (
  args: readonly string[],
  until$: Observable<unknown> = EMPTY,
): Observable<Report> =>
  new Observable((subscriber) => {
    const child = spawn(execPath, [MAIN, ...args, '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const interrupt = (): void => { child.kill('SIGINT') }
    subscriber.add(interrupt)
    subscriber.add(until$.subscribe({ next: interrupt, error: interrupt }))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const report = JSON.parse(line) as Report
      if (report.type === 'error') subscriber.error(new Failure(report.message))
      else subscriber.next(report)
    })
    child.on('close', (exitCode) => {
      if (exitCode === 0 || exitCode === INTERRUPTED) subscriber.complete()
      else subscriber.error(new Failure(`${args[0] ?? ''} ended with exit code ${exitCode}`))
    })
  })

const INTERRUPTED = 130
