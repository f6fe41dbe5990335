import { filter, map, mergeMap, type Observable } from 'rxjs'
import type { BitswapEvent, Decision } from '../events.ts'
import type { Availability, Cancellation, Exchange } from '../exchange.ts'
import type { WantlistEntry } from '../message/message.ts'
import type { Clock } from '../ports.ts'

/** The public events of a node: views of its decisions, computed only for whoever listens. */
export type HotStreams =
  Pick<Exchange, 'message$' | 'sent$' | 'block$' | 'presence$' | 'cancel$' | 'event$'>

export const hotStreams = (
  decision$: Observable<Decision>,
  clock: Pick<Clock, 'now'>,
): HotStreams => {
  const message$ = decision$.pipe(filter((decision) => decision.type === 'message'))
  const sent$ = decision$.pipe(
    filter((decision) => decision.type === 'sent' || decision.type === 'send-failed'),
  )
  return {
    message$,
    sent$,
    block$: decision$.pipe(
      filter((decision) => decision.type === 'block'),
      map(({ cid, bytes, from }) => ({ cid, bytes, from })),
    ),
    presence$: message$.pipe(
      mergeMap(({ peer, message }) =>
        message.presences.map(({ cid, type }): Availability => ({ cid, peer, presence: type }))),
    ),
    cancel$: decision$.pipe(mergeMap(cancellations)),
    event$: decision$.pipe(map((decision): BitswapEvent => ({ ...decision, at: clock.now() }))),
  }
}

const cancellations = (decision: Decision): Cancellation[] => {
  if (decision.type !== 'message' && decision.type !== 'sent') return []
  const { peer, message } = decision
  const entries: readonly WantlistEntry[] = message.wantlist.entries
  const direction = decision.type === 'message' ? 'received' : 'sent'
  return entries
    .filter(({ type }) => type === 'cancel')
    .map(({ cid }) => ({ cid, peer, direction }))
}
