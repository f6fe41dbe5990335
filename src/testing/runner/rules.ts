import type { Entry } from '../marble/items.ts'
import { isWant } from './matches.ts'
import type { Happening } from './run-log.ts'

/** A rule of `always`: looks at everything in order. */
export interface Rule {
  /** What breaks the rule here, if anything. */
  step(happening: Happening): string | undefined
  /** Whether there was anything that might have broken it. */
  wasTried(): boolean
}

/** No message to a peer begins while another one is being written. */
const oneSendAtATime = (): Rule => {
  const busy = new Set<string>()
  const writing = new Set<string>()
  let tried = false
  return {
    wasTried: () => tried,
    step ({ lane, item }) {
      if (lane.kind === 'link') {
        if (item.type === 'busy') busy.add(lane.peer)
        if (item.type === 'drained' || item.type === 'down') busy.delete(lane.peer)
        if (ENDS_WRITE.has(item.type)) writing.delete(lane.peer)
      }
      if (lane.kind !== 'out') return undefined
      if (writing.has(lane.peer)) return `a message to ${lane.peer} begins during a write`
      if (busy.has(lane.peer)) writing.add(lane.peer)
      tried ||= busy.has(lane.peer)
      return undefined
    },
  }
}

const ENDS_WRITE: ReadonlySet<string> = new Set(['drained', 'down', 'write-failed'])

/** Every message says something. */
const noEmptyMessage = (): Rule => {
  let tried = false
  return {
    wasTried: () => tried,
    step ({ lane, item }) {
      if (lane.kind !== 'out' || item.type !== 'message') return undefined
      tried = true
      return item.entries.length === 0 ? `an empty message to ${lane.peer}` : undefined
    },
  }
}

/** What a peer was told it is not told again: a want-have may only become a want-block. */
const noWantTwice = (): Rule => {
  const told = perPeer<Entry['type']>()
  return eachEntry((peer, entry) => {
    const before = told.of(peer).get(entry.cid)
    if (entry.type === 'cancel') told.of(peer).delete(entry.cid)
    if (!isWant(entry)) return undefined
    told.of(peer).set(entry.cid, entry.type)
    const isNews = before === undefined || (before === 'want-have' && entry.type === 'want-block')
    return isNews ? HOLDS : `${peer} is told twice that ${entry.cid} is wanted`
  }, told.follow)
}

/** Nobody gets a cancel who has no want of ours. */
const cancelsFollowWants = (): Rule => {
  const told = perPeer<true>()
  return eachEntry((peer, entry) => {
    if (isWant(entry)) told.of(peer).set(entry.cid, true)
    if (entry.type !== 'cancel') return undefined
    const isTold = told.of(peer).delete(entry.cid)
    return isTold ? HOLDS : `${peer} gets a cancel of ${entry.cid}, which it was not asked for`
  }, told.follow)
}

/** Blocks, HAVEs and DONT_HAVEs go only to peers that asked, and have not cancelled. */
const answersAreAskedFor = (): Rule => {
  const asked = perPeer<true>()
  const hear = ({ lane, item }: Happening): void => {
    if (lane.kind !== 'in' || item.type !== 'message') return
    if (item.full) asked.of(lane.peer).clear()
    for (const entry of item.entries) {
      if (isWant(entry)) asked.of(lane.peer).set(entry.cid, true)
      if (entry.type === 'cancel') asked.of(lane.peer).delete(entry.cid)
    }
  }
  return eachEntry((peer, { type, cid }) => {
    if (type !== 'block' && type !== 'have' && type !== 'dont-have') return undefined
    const isAsked = asked.of(peer).has(cid)
    return isAsked ? HOLDS : `${peer} is answered about ${cid}, which it does not want`
  }, (happening) => {
    asked.follow(happening)
    hear(happening)
  })
}

/** The rules that `always` knows by name. */
export const RULES: Readonly<Record<string, () => Rule>> = {
  'one-send-at-a-time': oneSendAtATime,
  'no-empty-message': noEmptyMessage,
  'no-want-twice': noWantTwice,
  'cancels-follow-wants': cancelsFollowWants,
  'answers-are-asked-for': answersAreAskedFor,
}

/** The entry might have broken the rule, and did not. */
const HOLDS = Symbol('holds')

/** A rule about the entries of messages; `undefined`: it says nothing of this one. */
const eachEntry = (
  check: (peer: string, entry: Entry) => string | typeof HOLDS | undefined,
  follow: (happening: Happening) => void,
): Rule => {
  let tried = false
  return {
    wasTried: () => tried,
    step (happening) {
      follow(happening)
      const { lane, item } = happening
      if (lane.kind !== 'out' || item.type !== 'message') return undefined
      for (const entry of item.entries) {
        const verdict = check(lane.peer, entry)
        tried ||= verdict !== undefined
        if (typeof verdict === 'string') return verdict
      }
      return undefined
    },
  }
}

/** What is known of each peer's wants, by CID; a peer that goes takes it along. */
const perPeer = <T>() => {
  const peers = new Map<string, Map<string, T>>()
  return {
    of: (peer: string): Map<string, T> => {
      const known = peers.get(peer) ?? new Map<string, T>()
      peers.set(peer, known)
      return known
    },
    follow: ({ lane, item }: Happening): void => {
      if (lane.kind === 'link' && item.type === 'down') peers.delete(lane.peer)
    },
  }
}
