/** The short names by which checks speak of items: the same signs that stand in the cells. */
import type { Entry, Item } from '../items.ts'
import type { LaneKind } from '../lanes.ts'
import { EVENTS } from './events.ts'
import { ENTRY_VERBS } from './messages.ts'

/** The verb of an item or an entry, as files write it: `w`, `^`, `{`, `up`, `put`, `cancel`. */
export const verbOf = (item: Exclude<Item, { readonly type: 'message' }> | Entry): string => {
  switch (item.type) {
    case 'want-block': case 'want-have': case 'cancel': case 'block': case 'have': case 'dont-have':
      return ENTRY_VERBS[item.type]
    case 'subscribe': case 'open': return '^'
    case 'unsubscribe': case 'close': return '!'
    case 'delivered': return '*'
    case 'complete': return '|'
    case 'error': case 'write-failed': case 'fault': return '#'
    case 'notify': case 'put': return '+'
    case 'delete': return '-'
    case 'busy': return '{'
    case 'drained': return '}'
    case 'call': return item.operation
    case 'event': return item.name
    default: return item.type
  }
}

const ENTRIES = ['w', 'h', 'c', 'B', 'H', 'D']

/** The verbs that can stand in a lane. */
export const LANE_VERBS: Record<LaneKind, readonly string[]> = {
  app: ['^', '!', '*', '|', '#', '+', 'H', 'D', 'start', 'stop'],
  link: ['{', '}', '#', 'up', 'down', 'refuse', 'dial', 'pause', 'resume'],
  in: [...ENTRIES, '#'],
  out: ENTRIES,
  store: ['+', '-', 'slow', 'fail', 'ok'],
  calls: ['has', 'size', 'get', 'put'],
  wants: ['w', 'h'],
  ledger: ['ledger'],
  events: Object.keys(EVENTS),
}

/** Spoken of only where the pattern names the lane: they repeat what other lanes show. */
export const ASIDE: ReadonlySet<LaneKind> = new Set(['wants', 'ledger', 'events'])

/** Verbs that are followed by nothing. */
export const NAMELESS_VERBS: ReadonlySet<string> = new Set([
  '{',
  '}',
  'start',
  'stop',
  'up',
  'down',
  'refuse',
  'dial',
  'pause',
  'resume',
  'slow',
  'fail',
  'ok',
  'ledger',
])
