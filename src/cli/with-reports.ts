import { connect, defer, endWith, ignoreElements, interval, map, merge, of, concat, takeUntil } from 'rxjs'
import type { Observable, OperatorFunction } from 'rxjs'

/** Adds a report every `everyMs` while the source works, and one when it is done. */
export const withReports = <T, R>(
  everyMs: number,
  report: () => R,
): OperatorFunction<T, T | R> =>
  connect((work$: Observable<T>) => concat(
    merge(work$, interval(everyMs).pipe(
      map(report),
      takeUntil(work$.pipe(ignoreElements(), endWith(undefined))),
    )),
    defer(() => of(report())),
  ))
