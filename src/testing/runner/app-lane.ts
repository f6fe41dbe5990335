import { from } from 'rxjs'
import type { Observable, Subscription } from 'rxjs'
import type { Asking, Availability, BlockArrival, WantOptions } from '../../exchange.ts'
import type { RetrieveDeclaration } from '../marble/document.ts'
import { requestText } from '../marble/notation/app.ts'
import type { AppItem, Request } from '../marble/items.ts'
import { laneText } from '../marble/lanes.ts'
import type { LaneName } from '../marble/lanes.ts'
import { ImpossibleInput } from './impossible-input.ts'
import type { Sessions } from './sessions.ts'
import type { Stage } from './stage.ts'

/** How an application gets a block: `exchange.want`, or a pipeline of its own around it. */
export type WantPipeline =
  (asking: Asking, ...args: Parameters<Asking['want']>) => Observable<BlockArrival>

type Answer = BlockArrival | Availability

/** The subscriber that one lane `app` stands for. */
export interface AppLane {
  play(item: AppItem): void
}

export interface AppLaneDeps {
  readonly stage: Stage
  readonly sessions: Sessions
  readonly want: WantPipeline
}

export const appLane = ({ stage, sessions, want }: AppLaneDeps, lane: LaneName): AppLane => {
  const { exchange, cast, log } = stage
  const subscriptions = new Map<string, Subscription>()
  const out = (item: AppItem): void => { log.done(lane, item) }

  const askingOf = (session: string | undefined): Asking =>
    session === undefined ? exchange : sessions.of(session)

  const answer$ = (request: Request, options: WantOptions): Observable<Answer> => {
    if (request.ask === 'retrieve') {
      const declared = declaredRetrieve(stage, request.name)
      const cids = declared.cids.map((name) => cast.block(name).cid)
      return askingOf(declared.session)
        .retrieve(declared.pushed ? from(cids) : cids, { ...options, ...retrieveOptions(declared) })
    }
    const { cid } = cast.block(request.cid)
    const asking = askingOf(request.session)
    return request.ask === 'want' ? want(asking, cid, options) : asking.availability(cid, options)
  }

  const answerItem = (request: Request, answer: Answer): AppItem => {
    const cid = cast.nameOfCid(answer.cid)
    if ('presence' in answer) {
      return { type: answer.presence, request, cid, peer: cast.nameOfPeer(answer.peer) }
    }
    const from = answer.from && cast.nameOfPeer(answer.from)
    return { type: 'delivered', request, cid, ...(from !== undefined && { from }) }
  }

  const subscribe = (item: AppItem & { readonly type: 'subscribe' }): void => {
    const { request, priority, discovery } = item
    if (subscriptions.get(requestKey(request))?.closed === false) {
      const what = requestText(request)
      throw new ImpossibleInput(`${laneText(lane)} subscribes to ${what} twice: use a second lane`)
    }
    const options = {
      ...(priority !== undefined && { priority }),
      ...(!discovery && { discovery }),
    }
    const subscription = answer$(request, options).subscribe({
      next: (answer) => { out(answerItem(request, answer)) },
      error: (error: unknown) => { out({ type: 'error', request, error: nameOf(error) }) },
      complete: () => { out({ type: 'complete', request }) },
    })
    subscriptions.set(requestKey(request), subscription)
    stage.audience.add(subscription)
  }

  const unsubscribe = (request: Request): void => {
    const subscription = subscriptions.get(requestKey(request))
    const why = `${laneText(lane)} leaves ${requestText(request)}, to which it never subscribed`
    if (subscription === undefined) throw new ImpossibleInput(why)
    subscription.unsubscribe()
  }

  const play = (item: AppItem): void => {
    switch (item.type) {
      case 'subscribe': return subscribe(item)
      case 'unsubscribe': return unsubscribe(item.request)
      case 'open': return sessions.open(item.session)
      case 'close': return sessions.close(item.session)
      case 'notify': return exchange.notify(item.cids.map((name) => cast.block(name).cid))
      case 'start': return void exchange.start()
      case 'stop': return void exchange.stop()
      default: throw new Error(`${item.type} is not an input`)
    }
  }
  return { play }
}

const declaredRetrieve = ({ document }: Stage, name: string): RetrieveDeclaration => {
  const declared = document.retrieves.find((retrieve) => retrieve.name === name)
  if (declared === undefined) throw new Error(`No retrieve is called ${name}`)
  return declared
}

const retrieveOptions = ({ concurrency, ordered, discovery }: RetrieveDeclaration): object => ({
  ...(concurrency !== undefined && { concurrency }),
  ordered,
  ...(!discovery && { discovery }),
})

const requestKey = (request: Request): string => `${request.ask} ${requestText(request)}`

const nameOf = (error: unknown): string => error instanceof Error ? error.name : String(error)
