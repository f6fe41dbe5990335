import type { BlockBrokerGetBlockProgressEvents, BlockRetrievalOptions } from '@helia/interface'
import { firstValueFrom, ignoreElements, merge, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import { untilAborted } from '../create-exchange.ts'
import { InvalidBlockError, NotStartedError } from '../errors.ts'
import type { BlockArrival } from '../exchange.ts'
import { MAX_BLOCK_BYTES } from '../options.ts'
import { receiveBlock } from './helia-progress.ts'
import type { HeliaProgress, Watched } from './helia-progress.ts'

export type RetrievalOptions = BlockRetrievalOptions<BlockBrokerGetBlockProgressEvents>

/** A retrieval as Helia asks for it: the promise of the bytes of the one block that arrives. */
export const retrieval = (progress: HeliaProgress) => async (
  arrival$: Observable<BlockArrival>,
  watched: Watched,
  { signal, onProgress, validateFn, maxSize = MAX_BLOCK_BYTES }: RetrievalOptions,
): Promise<Uint8Array> => {
  const { cid } = watched
  const watched$ = onProgress === undefined
    ? arrival$
    : merge(progress(watched).pipe(tap(onProgress), ignoreElements()), arrival$)
  const arrival = await firstValueFrom(untilAborted(watched$, signal), { defaultValue: undefined })
  // A stop completes the want.
  if (arrival === undefined) throw new NotStartedError()
  const { bytes, from } = arrival
  if (from !== undefined) onProgress?.(receiveBlock(cid, from))
  if (bytes.byteLength > maxSize) {
    throw new InvalidBlockError(cid, `it has ${bytes.byteLength} bytes, maxSize is ${maxSize}`)
  }
  await validateFn?.(bytes)
  return bytes
}
