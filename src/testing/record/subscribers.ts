import type { PeerId } from '@libp2p/interface'
import type { ApplicationEvent } from '../../events.ts'
import type { SessionDeclaration } from '../marble/document.ts'
import type { AppItem, Request } from '../marble/items.ts'
import { laneText } from '../marble/lanes.ts'
import type { LaneName } from '../marble/lanes.ts'
import type { Aliases } from './aliases.ts'
import type { Score } from './score.ts'

type Subscribed = ApplicationEvent & { readonly type: 'subscribed' }
type Answered = ApplicationEvent & { readonly type: 'delivered' | 'gave-up' }
type Notified = ApplicationEvent & { readonly type: 'notify' }
type Members = Exclude<Subscribed['peers'], 'everyone'>

/** Sorts the subscriptions of a node into lanes: one lane holds none of them twice. */
export interface Subscribers {
  take(at: number, event: ApplicationEvent): void
  readonly sessions: readonly SessionDeclaration[]
  /** The lanes of availability subscribers: what they are told is not in the diary. */
  readonly watching: readonly LaneName[]
}

/** A subscription that has not ended. */
interface Open {
  readonly request: Request & { readonly ask: Subscribed['member'] }
  readonly lane: LaneName
}

export const subscribers = (names: Aliases, score: Score): Subscribers => {
  const sessions = new Map<Members, string>()
  const open = new Map<number, Open>()
  const watching = new Map<string, LaneName>()

  const sessionOf = (
    at: number,
    peers: Subscribed['peers'],
    lane: LaneName,
  ): { readonly session?: string } => {
    if (peers === 'everyone') return {}
    const known = sessions.get(peers)
    if (known !== undefined) return { session: known }
    const session = `s${sessions.size + 1}`
    sessions.set(peers, session)
    score.driven(at, lane, { type: 'open', session })
    return { session }
  }

  /** The first lane that has no subscription to the same block now. */
  const laneFor = (member: Subscribed['member'], cid: string): LaneName => {
    const same = [...open.values()].filter(({ request }) =>
      request.ask === member && request.cid === cid)
    const taken = new Set(same.map(({ lane }) => laneText(lane)))
    let n = 1
    while (taken.has(laneText(laneNamed(member, n)))) n += 1
    const lane = laneNamed(member, n)
    if (member === 'availability') watching.set(laneText(lane), lane)
    return lane
  }

  const subscribe = (at: number, event: Subscribed): void => {
    const { subscription, member, peers, priority, discovery } = event
    const cid = names.cid(event.cid)
    const lane = laneFor(member, cid)
    const request = { ask: member, cid, ...sessionOf(at, peers, lane) }
    open.set(subscription, { request, lane })
    score.driven(at, lane, {
      type: 'subscribe', request, discovery, ...(priority !== 0 && { priority }),
    })
  }

  const answerItems = (event: Answered, request: Request): readonly AppItem[] => {
    if (event.type === 'gave-up') return [{ type: 'error', request, error: event.error.name }]
    const from = event.from && names.peer(event.from)
    const cid = names.cid(event.cid)
    return [
      { type: 'delivered', request, cid, ...(from !== undefined && { from }) },
      { type: 'complete', request },
    ]
  }

  const end = (at: number, event: Exclude<ApplicationEvent, Subscribed | Notified>): void => {
    const ended = open.get(event.subscription)
    // It began before the recording.
    if (ended === undefined) return
    open.delete(event.subscription)
    const { lane, request } = ended
    if (event.type === 'unsubscribed') score.driven(at, lane, { type: 'unsubscribe', request })
    else for (const item of answerItems(event, request)) score.done(lane, item)
  }

  return {
    take (at, event) {
      if (event.type === 'subscribed') subscribe(at, event)
      else if (event.type === 'notify') score.driven(at, { kind: 'app' }, notifyItem(names, event))
      else end(at, event)
    },
    get watching () { return [...watching.values()] },
    get sessions () {
      return Array.from(sessions, ([members, name]) => declaration(names, name, members.values()))
    },
  }
}

const laneNamed = (member: Subscribed['member'], n: number): LaneName => {
  if (member === 'availability') return { kind: 'app', id: `watching${n}` }
  return n === 1 ? { kind: 'app' } : { kind: 'app', id: `n${n}` }
}

const notifyItem = (names: Aliases, { cid }: Notified): AppItem =>
  ({ type: 'notify', cids: [names.cid(cid)] })

const declaration = (
  names: Aliases,
  name: string,
  members: Iterable<PeerId>,
): SessionDeclaration => ({
  name,
  peers: Array.from(members, (peer) => names.peer(peer)),
  providers: [],
  discovery: true,
})
