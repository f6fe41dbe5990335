import type { Entry, Item } from '../marble/items.ts'
import type { Happening } from './run-log.ts'

/** A rule of `always`: looks at everything in order and says what breaks it. */
export interface Rule {
  /** What is wrong with this step, if anything. */
  step(happening: Happening): string | undefined
  /** Whether there was anything that might have broken it. */
  wasTried(): boolean
}

/** The rules that `always` knows by name. */
export const RULES: Readonly<Record<string, () => Rule>> = {
  'one-send-at-a-time': () => oneSendAtATime(),
  'no-empty-message': () => noEmptyMessage(),
  'no-want-twice': () => noWantTwice(),
  'cancels-follow-wants': () => cancelsFollowWants(),
  'answers-are-asked-for': () => answersAreAskedFor(),
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
        if (['drained', 'down', 'write-failed'].includes(item.type)) writing.delete(lane.peer)
      }
      if (lane.kind !== 'out') return undefined
      if (writing.has(lane.peer)) return `a message to ${lane.peer} begins while another is being written`
      if (busy.has(lane.peer)) writing.add(lane.peer)
      tried ||= busy.has(lane.peer)
      return undefined
    },
  }
}

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
  const held = new Map<string, Entry['type']>()
  let tried = false
  return {
    wasTried: () => tried,
    step: (happening) => forgetting(held, happening) ?? eachEntry(happening, (peer, entry) => {
      const key = `${peer} ${entry.cid}`
      const before = held.get(key)
      if (entry.type === 'cancel') held.delete(key)
      if (entry.type !== 'want-block' && entry.type !== 'want-have') return undefined
      tried = true
      held.set(key, entry.type)
      const isNews = before === undefined || (before === 'want-have' && entry.type === 'want-block')
      return isNews ? undefined : `${peer} is told twice that we want ${entry.cid}`
    }),
  }
}

/** Nobody gets a cancel who has no want of ours. */
const cancelsFollowWants = (): Rule => {
  const held = new Map<string, true>()
  let tried = false
  return {
    wasTried: () => tried,
    step: (happening) => forgetting(held, happening) ?? eachEntry(happening, (peer, entry) => {
      const key = `${peer} ${entry.cid}`
      if (entry.type === 'want-block' || entry.type === 'want-have') held.set(key, true)
      if (entry.type !== 'cancel') return undefined
      tried = true
      return held.delete(key) ? undefined : `${peer} gets a cancel of ${entry.cid}, which it was not asked for`
    }),
  }
}

/** Blocks, HAVEs and DONT_HAVEs go only to peers that asked, and have not cancelled. */
const answersAreAskedFor = (): Rule => {
  const asked = new Set<string>()
  let tried = false
  return {
    wasTried: () => tried,
    step (happening) {
      const { lane, item } = happening
      if (lane.kind === 'in' && item.type === 'message') {
        if (item.full) for (const key of asked) if (key.startsWith(`${lane.peer} `)) asked.delete(key)
        for (const { type, cid } of item.entries) {
          if (type === 'want-block' || type === 'want-have') asked.add(`${lane.peer} ${cid}`)
          if (type === 'cancel') asked.delete(`${lane.peer} ${cid}`)
        }
      }
      if (lane.kind === 'link' && item.type === 'down') {
        for (const key of asked) if (key.startsWith(`${lane.peer} `)) asked.delete(key)
      }
      return eachEntry(happening, (peer, { type, cid }) => {
        if (type !== 'block' && type !== 'have' && type !== 'dont-have') return undefined
        tried = true
        return asked.has(`${peer} ${cid}`) ? undefined : `${peer} is answered about ${cid}, which it does not want`
      })
    },
  }
}

/** The first thing wrong with an entry of a message of ours. */
const eachEntry = (
  { lane, item }: Happening,
  check: (peer: string, entry: Entry) => string | undefined,
): string | undefined => {
  if (lane.kind !== 'out' || item.type !== 'message') return undefined
  for (const entry of item.entries) {
    const wrong = check(lane.peer, entry)
    if (wrong !== undefined) return wrong
  }
  return undefined
}

/** A peer that goes takes along what it was told. */
const forgetting = (held: Map<string, unknown>, { lane, item }: Happening): undefined => {
  if (lane.kind !== 'link' || !isEnd(item)) return
  for (const key of held.keys()) if (key.startsWith(`${lane.peer} `)) held.delete(key)
}

const isEnd = ({ type }: Item): boolean => type === 'down'
