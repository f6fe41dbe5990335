import { ReplaySubject, catchError, finalize, of } from 'rxjs'
import type { Observable } from 'rxjs'
import { failureOf } from './failure.ts'
import { interruption } from './interruption.ts'
import { rendering } from './rendering.ts'
import type { Report } from './report.ts'

/** How a command is run. */
export interface Circumstances {
  /** Milliseconds between two reports of progress, to suit whoever reads them. */
  readonly reportMs: number
  /** Emits once, also to late subscribers, when the command is to end. */
  readonly interrupted$: Observable<unknown>
}

/** What has not cleaned up after itself by then is ended. */
const MAX_CLEANUP_MS = 5_000

/** Runs a command to its end, and sets the exit code. */
export const run = (
  process: NodeJS.Process,
  json: boolean,
  command: (circumstances: Circumstances) => Observable<Report>,
): void => {
  const { show, end } = rendering(json, process)
  const interrupted$ = new ReplaySubject<number>(1)
  interruption(process).subscribe(interrupted$)
  interrupted$.subscribe((exitCode) => {
    process.exitCode = exitCode
  })
  command({ interrupted$, reportMs: intervalFor(json, process.stderr) }).pipe(
    catchError((error: unknown) => {
      const { message, exitCode } = failureOf(error)
      process.exitCode = exitCode
      return of<Report>({ type: 'error', message, exitCode })
    }),
    finalize(() => {
      end()
      setTimeout(() => process.exit(), MAX_CLEANUP_MS).unref()
    }),
  ).subscribe(show)
}

const intervalFor = (json: boolean, { isTTY }: { isTTY?: boolean }): number => {
  if (json) return 500
  return isTTY === true ? 100 : 1_000
}
