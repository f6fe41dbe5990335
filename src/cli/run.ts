import { ReplaySubject, catchError, finalize, of, share, tap } from 'rxjs'
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

/** Runs a command to its end, and sets the exit code. Resolves when there is no more to show. */
export const run = (
  process: NodeJS.Process,
  json: boolean,
  command: (circumstances: Circumstances) => Observable<Report>,
): Promise<void> => {
  const { show, end } = rendering(json, process)
  const interrupted$ = interruption(process).pipe(
    tap((exitCode) => { process.exitCode = exitCode }),
    share({
      connector: () => new ReplaySubject(1),
      resetOnComplete: false,
      resetOnRefCountZero: false,
    }),
  )
  return command({ interrupted$, reportMs: intervalFor(json, process.stderr) }).pipe(
    catchError((error: unknown) => {
      process.exitCode = 1
      return of<Report>({ type: 'error', message: failureOf(error).message })
    }),
    finalize(() => {
      end()
      setTimeout(() => process.exit(), MAX_CLEANUP_MS).unref()
    }),
  ).forEach(show)
}

const intervalFor = (json: boolean, { isTTY }: { isTTY?: boolean }): number => {
  if (json) return 500
  return isTTY === true ? 100 : 1_000
}
