import { Observable, concatMap, throwIfEmpty } from 'rxjs'
import { NotStartedError } from '../../errors.ts'
import type { Asking, BlockArrival } from '../../exchange.ts'
import { MAX_BLOCK_BYTES } from '../../options.ts'
import type { Link } from './node.ts'

export interface WalkDeps<P> {
  readonly asking: Pick<Asking, 'want'>
  /** Places visited at the same time: wants in flight, and blocks that are being visited. */
  readonly concurrency: number
  /** Bytes of their blocks, as far as links tell them; one block always fits. */
  readonly maxBytes: number
  /** Does what is to be done with a block, and says where it leads. */
  readonly visit: (place: P, bytes: Uint8Array) => Promise<readonly P[]>
}

/**
 * Visits the graph below `root`, a window of places at a time: a want for each, and a visit once
 * the block is there. A place leaves the window when its visit is over, so a slow disk slows the
 * wants down. Depth first and in order, so that what waits is the siblings along one path rather
 * than a whole level of the graph.
 *
 * Cold. Emits each block when it was visited, and completes when all were. The first error, of a
 * want or a visit, ends it; unsubscribing cancels the wants.
 */
export const walk = <P extends Link>(
  { asking, concurrency, maxBytes, visit }: WalkDeps<P>,
  root: P,
): Observable<BlockArrival> =>
  new Observable((subscriber) => {
    const waiting = [root]
    let visiting = 0
    let bytes = 0

    const visited = (place: P): Observable<BlockArrival> =>
      asking.want(place.cid).pipe(
        throwIfEmpty(() => new NotStartedError()),
        concatMap(async (arrival) => {
          waiting.push(...(await visit(place, arrival.bytes)).toReversed())
          return arrival
        }),
      )
    // Fills the window in one go: what is wanted in one go leaves in one message.
    const fill = (): void => {
      while (visiting < concurrency && bytes < maxBytes && !subscriber.closed) {
        const place = waiting.pop()
        if (place === undefined) break
        const byteLength = Math.min(place.statedSize, MAX_BLOCK_BYTES)
        visiting++
        bytes += byteLength
        subscriber.add(visited(place).subscribe({
          next: (arrival) => subscriber.next(arrival),
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            visiting--
            bytes -= byteLength
            fill()
          },
        }))
      }
      if (visiting === 0) subscriber.complete()
    }
    fill()
  })
