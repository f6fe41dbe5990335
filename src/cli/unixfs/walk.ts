import type { CID } from 'multiformats/cid'
import { Observable, concatMap, throwIfEmpty } from 'rxjs'
import { NotStartedError } from '../../errors.ts'
import type { Asking, BlockArrival } from '../../exchange.ts'

export interface WalkDeps<P> {
  readonly asking: Pick<Asking, 'want'>
  /** Places visited at the same time: wants in flight, and blocks that are being visited. */
  readonly concurrency: number
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
export const walk = <P extends { readonly cid: CID }>(
  { asking, concurrency, visit }: WalkDeps<P>,
  root: P,
): Observable<BlockArrival> =>
  new Observable((subscriber) => {
    const waiting = [root]
    let visiting = 0

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
      while (visiting < concurrency && !subscriber.closed) {
        const place = waiting.pop()
        if (place === undefined) break
        visiting++
        subscriber.add(visited(place).subscribe({
          next: (arrival) => subscriber.next(arrival),
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            visiting--
            fill()
          },
        }))
      }
      if (visiting === 0) subscriber.complete()
    }
    fill()
  })
