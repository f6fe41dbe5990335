import { appendFile, rm, stat, writeFile } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { concat, defer, finalize, ignoreElements } from 'rxjs'
import type { Observable } from 'rxjs'
import type { Exchange } from '../exchange.ts'
import { formatMarble } from '../testing/marble/format.ts'
import { recordMarbles } from '../testing/record/record-marbles.ts'
import { Failure } from './failure.ts'
import { withResource } from './with-resource.ts'

/**
 * Makes the file of a record before there is work: what cannot be written is known at once, not
 * after a long transfer. Fails when it is at or below `output`.
 */
export const withRecord = <T>(
  path: string | undefined,
  output: string,
  use: () => Observable<T>,
): Observable<T> => {
  if (path === undefined) return use()
  return withResource({
    acquire: async () => {
      if (`${resolve(path)}${sep}`.startsWith(`${output}${sep}`)) {
        throw new Failure(`${path} is written by get itself: choose another file for --record`)
      }
      await appendFile(path, '')
    },
    release: () => removeEmpty(path).catch(() => {}),
  }, use)
}

/** An empty file is a record that was not written. */
const removeEmpty = async (path: string): Promise<void> => {
  const status = await stat(path)
  if (status.isFile() && status.size === 0) await rm(path)
}

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
