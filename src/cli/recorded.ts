import { writeFile } from 'node:fs/promises'
import { concat, defer, finalize, ignoreElements } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Exchange } from '../exchange.ts'
import { formatMarble } from '../testing/marble/format.ts'
import { recordMarbles } from '../testing/record/record-marbles.ts'

/** The same work, and a file with all that the exchange did meanwhile once the work is done. */
export const recorded = <T>(
  path: string | undefined,
  exchange: Exchange,
  work$: Observable<T>,
): Observable<T> => {
  if (path === undefined) return work$
  return defer(() => {
    const recording = recordMarbles(exchange, { title: 'A transfer' })
    return concat(
      work$,
      defer(() => writeFile(path, formatMarble(recording.document()))).pipe(ignoreElements()),
    ).pipe(finalize(() => recording.stop()))
  })
}
