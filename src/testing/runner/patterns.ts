import type { Pattern } from '../marble/document.ts'
import type { Entry, Item, Request } from '../marble/items.ts'
import { laneText } from '../marble/lanes.ts'
import type { LaneName } from '../marble/lanes.ts'
import { ASIDE, verbOf } from '../marble/notation/verbs.ts'

/** Whether a pattern of a check is about this item. */
export const isAbout = (pattern: Pattern, { lane, item }: Somewhere): boolean => {
  if (pattern.type === 'tag') return item.tag === pattern.tag
  const isThere = pattern.lane === undefined
    ? !ASIDE.has(lane.kind)
    : laneText(pattern.lane) === laneText(lane)
  if (!isThere) return false
  const parts: readonly Part[] = item.type === 'message' ? item.entries : [item]
  return parts.some((part) =>
    (pattern.verb ?? verbOf(part)) === verbOf(part)
    && (pattern.name === undefined || namesIn(part).includes(pattern.name)))
}

interface Somewhere {
  readonly lane: LaneName
  readonly item: Item
}

type Part = Exclude<Item, { readonly type: 'message' }> | Entry

const namesIn = (part: Part): readonly (string | undefined)[] => [
  ...('cid' in part ? [part.cid] : []),
  ...('cids' in part ? part.cids : []),
  ...('session' in part ? [part.session] : []),
  ...('request' in part ? namesOf(part.request) : []),
]

const namesOf = (request: Request): readonly (string | undefined)[] =>
  request.ask === 'retrieve' ? [request.name] : [request.cid, request.session]
