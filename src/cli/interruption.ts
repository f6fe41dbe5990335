import { fromEvent, map, merge, take } from 'rxjs'
import type { Observable } from 'rxjs'

/**
 * The exit code of the first thing that asks the process to end: Ctrl-C, a terminal that closes, a
 * signal of the system, or a reader of our output that went away. Only the first: a second Ctrl-C
 * is the system's.
 */
export const interruption = (process: NodeJS.Process): Observable<number> => {
  const outputs = [process.stdout, process.stderr]
  // Nothing is left to do about what is written after that, but it must not be thrown.
  for (const output of outputs) output.on('error', () => {})
  return merge(
    fromEvent(process, 'SIGHUP').pipe(map(() => 129)),
    fromEvent(process, 'SIGINT').pipe(map(() => 130)),
    fromEvent(process, 'SIGTERM').pipe(map(() => 143)),
    ...outputs.map((output) => fromEvent(output, 'error').pipe(map(() => 141))),
  ).pipe(take(1))
}
