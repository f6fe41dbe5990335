import type { CID } from 'multiformats/cid'
import { concatMap, defer, from, map, throwIfEmpty } from 'rxjs'
import type { Observable, ObservableInput } from 'rxjs'
import { NotStartedError } from '../../errors.ts'
import type { Asking, BlockArrival } from '../../exchange.ts'
import { pullMap } from '../../operators/index.ts'
import { agendaFrom } from './agenda.ts'

export interface WalkDeps<P> {
  readonly asking: Pick<Asking, 'want'>
  /** Places visited at the same time: wants in flight, and blocks that are being visited. */
  readonly concurrency: number
  /** Does what is to be done with a block, and says where it leads. */
  readonly visit: (place: P, bytes: Uint8Array) => ObservableInput<readonly P[]>
}

/**
 * Visits the graph below `root`: a want for each place, depth first, a window of them at a time. A
 * place leaves the window when its visit is over, so a slow disk slows the wants down. Emits each
 * block once it was visited, and completes when all were. The first error, of a want or a visit,
 * ends it; unsubscribing cancels the wants.
 */
export const walk = <P extends { readonly cid: CID }>(
  { asking, concurrency, visit }: WalkDeps<P>,
  root: P,
): Observable<BlockArrival> =>
  defer(() => {
    const agenda = agendaFrom(root)
    const visitPlace = (place: P): Observable<BlockArrival> =>
      asking.want(place.cid).pipe(
        throwIfEmpty(() => new NotStartedError()),
        concatMap((arrival) => from(visit(place, arrival.bytes)).pipe(
          map((found) => {
            agenda.done(found)
            return arrival
          }),
        )),
      )
    return pullMap(agenda, visitPlace, { concurrency, maxWaiting: 0, overflow: () => new Error() })
  })
