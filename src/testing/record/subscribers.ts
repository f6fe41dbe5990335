import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import type { ApplicationEvent } from '../../events.ts'
import type { SessionDeclaration } from '../marble/document.ts'
import type { AppItem, Request } from '../marble/items.ts'
import { laneText } from '../marble/lanes.ts'
import type { LaneName } from '../marble/lanes.ts'
import type { Aliases } from './aliases.ts'
import type { Score } from './score.ts'

type Subscribed = ApplicationEvent & { readonly type: 'subscribed' }
type Members = Exclude<Subscribed['peers'], 'everyone'>

/** Sorts the subscriptions of a node into lanes: one lane holds none of them twice. */
export interface Subscribers {
  take(at: number, event: ApplicationEvent): void
  readonly sessions: readonly SessionDeclaration[]
}

/** A subscription that has not ended. */
interface Open {
  readonly cid: CID
  readonly request: Request
  readonly lane: LaneName
}

export const subscribers = (names: Aliases, score: Score): Subscribers => {
  const sessions = new Map<Members, string>()
  const open: Open[] = []

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

  const subscribe = (at: number, { cid, member, peers, priority, discovery }: Subscribed): void => {
    const same = open.filter((other) => other.cid.equals(cid) && other.request.ask === member)
    const lane = laneFor(member, same)
    const request = { ask: member, cid: names.cid(cid), ...sessionOf(at, peers, lane) }
    open.push({ cid, request, lane })
    score.driven(at, lane, {
      type: 'subscribe', request, discovery, ...(priority !== 0 && { priority }),
    })
  }

  /** The oldest that is still open: so the node answers them, too. */
  const close = (cid: CID, ask: Request['ask']): Open | undefined => {
    const place = open.findIndex((other) => other.cid.equals(cid) && other.request.ask === ask)
    return place === -1 ? undefined : open.splice(place, 1)[0]
  }

  const end = (cid: CID, items: (request: Request) => readonly AppItem[]): void => {
    const ended = close(cid, 'want') ?? close(cid, 'availability')
    if (ended !== undefined) for (const item of items(ended.request)) score.done(ended.lane, item)
  }

  return {
    take (at, event) {
      const { type, cid } = event
      switch (type) {
        case 'subscribed': return subscribe(at, event)
        case 'unsubscribed': {
          const left = close(cid, event.member)
          if (left === undefined) return
          return score.driven(at, left.lane, { type: 'unsubscribe', request: left.request })
        }
        case 'delivered': return end(cid, (request) => [
          {
            type: 'delivered',
            request,
            cid: names.cid(cid),
            ...(event.from !== undefined && { from: names.peer(event.from) }),
          },
          { type: 'complete', request },
        ])
        case 'gave-up':
          return end(cid, (request) => [{ type: 'error', request, error: event.error.name }])
        case 'notify':
          return score.driven(at, { kind: 'app' }, { type: 'notify', cids: [names.cid(cid)] })
        default: event satisfies never
      }
    },
    get sessions () {
      return Array.from(sessions, ([members, name]) => declaration(names, name, members.values()))
    },
  }
}

/** What an availability subscriber is told is not in the diary: its lane is not compared. */
export const WATCHING: LaneName = { kind: 'app', id: 'watching' }

/** The first lane that has no subscription to the same block now. */
const laneFor = (member: Subscribed['member'], same: readonly Open[]): LaneName => {
  if (member === 'availability') return WATCHING
  const taken = new Set(same.map(({ lane }) => laneText(lane)))
  let lane: LaneName = { kind: 'app' }
  for (let n = 2; taken.has(laneText(lane)); n += 1) lane = { kind: 'app', id: `n${n}` }
  return lane
}

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
