import { filter, fromEvent, map, merge, take } from 'rxjs'
import type { Observable } from 'rxjs'

/**
 * The exit code of the first thing that asks the process to end: Ctrl-C, a signal of the system, or a
 * reader of our output that went away. Only the first: a second Ctrl-C is the system's.
 */
export const interruption = (process: NodeJS.Process): Observable<number> =>
  merge(
    fromEvent(process, 'SIGINT').pipe(map(() => 130)),
    fromEvent(process, 'SIGTERM').pipe(map(() => 143)),
    brokenPipe(process.stdout).pipe(map(() => 141)),
  ).pipe(take(1))

const brokenPipe = (stream: NodeJS.WriteStream): Observable<unknown> =>
  fromEvent(stream, 'error').pipe(
    filter((error) => (error as NodeJS.ErrnoException).code === 'EPIPE'),
  )
