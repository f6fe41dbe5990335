/** Wire messages: `w.x`, `[w.x h.y' c.z]`, `[full w.x]`, `[B.x +64KiB]`. */
import type { Entry, FaultItem, MessageItem } from '../items.ts'
import { compressRanges, namedText, takeKnownRange } from '../names.ts'
import type { Named, Names } from '../names.ts'
import { sizeText, takeInteger, takeSize } from '../quantities.ts'
import type { Scanner } from '../scanner.ts'
import { nameless } from './marks.ts'

/** Lower case asks, upper case answers. */
export const ENTRY_VERBS = {
  'want-block': 'w', 'want-have': 'h', cancel: 'c', block: 'B', have: 'H', 'dont-have': 'D',
} as const satisfies Record<Entry['type'], string>

/** `pendingBytes` is an int32. */
const MAX_PENDING_BYTES = 2 ** 31 - 1

const VERB = /[whcBHD]\./y
const EXPECTED_VERB =
  'w. (want-block), h. (want-have), c. (cancel), B. (block), H. (HAVE) or D. (DONT_HAVE)'

export const takeMessage = (scanner: Scanner, names: Names): MessageItem =>
  scanner.take('[') === undefined ? bareMessage(scanner, names) : bracketedMessage(scanner, names)

/** In a lane `A>me`, `#` is a peer that breaks the protocol. */
export const takeIncoming = (scanner: Scanner, names: Names): MessageItem | FaultItem =>
  scanner.take('#') === undefined ? takeMessage(scanner, names) : { type: 'fault' }

/** What a lane `wants A` may hold. */
export const takeView = (scanner: Scanner, names: Names): MessageItem => {
  const at = scanner.position()
  const view = takeMessage(scanner, names)
  const isView = !view.full && view.pendingBytes === undefined && view.entries.every(isWant)
  if (!isView) throw scanner.error(
    'the wants at this tick, such as [w.x h.y\'] or []',
    'this is no list of wants',
    at,
  )
  return view
}

const isWant = ({ type }: Entry): boolean => type === 'want-block' || type === 'want-have'

const bareMessage = (scanner: Scanner, names: Names): MessageItem => {
  const at = scanner.position()
  if (scanner.peek(VERB) === undefined) throw scanner.error(
    `a message: ${EXPECTED_VERB}, or several in [ ]`,
  )
  const entries = takeEntries(scanner, names)
  if (entries.length > 1) throw scanner.error(
    '[ ] around the entries of one message',
    'several entries',
    at,
  )
  if (scanner.peek(',') !== undefined) throw scanner.error(
    '[ ] around each of several messages in one tick',
  )
  return { type: 'message', full: false, entries }
}

const bracketedMessage = (scanner: Scanner, names: Names): MessageItem => {
  scanner.skipSpace()
  const full = scanner.take(/full\b/y) !== undefined
  const entries: Entry[] = []
  let pendingBytes: number | undefined
  for (;;) {
    scanner.skipSpace()
    if (scanner.take(']') !== undefined) break
    if (pendingBytes !== undefined) throw scanner.error('"]"')
    if (scanner.take('+') !== undefined) pendingBytes = takeSize(scanner, MAX_PENDING_BYTES)
    else entries.push(...takeEntries(scanner, names))
  }
  return { type: 'message', full, entries, ...pendingBytes !== undefined && { pendingBytes } }
}

/** One entry, or one for each name of a range. */
const takeEntries = (scanner: Scanner, names: Names): readonly Entry[] => {
  const verb = scanner.take(VERB)
  if (verb === undefined) throw scanner.error(`${EXPECTED_VERB}, or "]"`)
  const cids = takeKnownRange(scanner, names, 'cids')
  const facts = factsBehind(scanner, verb)
  return cids.map((cid) => ({ ...facts, cid }))
}

type Facts<E extends Entry = Entry> = E extends Entry ? Omit<E, 'cid'> : never

const factsBehind = (scanner: Scanner, verb: string): Facts => {
  switch (verb) {
    case 'w.': return { type: 'want-block', ...wantFacts(scanner) }
    case 'h.': return { type: 'want-have', ...wantFacts(scanner) }
    case 'B.': return { type: 'block', corrupt: scanner.take('!') !== undefined }
    case 'H.': return { type: 'have' }
    case 'D.': return { type: 'dont-have' }
    default: return { type: 'cancel' }
  }
}

const wantFacts = (
  scanner: Scanner,
): { readonly priority?: number, readonly sendDontHave: boolean } => ({
  ...takePriority(scanner),
  sendDontHave: scanner.take('\'') !== undefined,
})

/** `^5` */
export const takePriority = (scanner: Scanner): { readonly priority?: number } => {
  const at = scanner.position()
  if (scanner.take(/\^(?=-?\d)/y) === undefined) return {}
  const priority = takeInteger(scanner, 'a priority, as in ^5')
  if (priority !== (priority | 0)) throw scanner.error('an int32', `${priority} is no priority`, at)
  return { priority }
}

export const priorityText = (priority: number | undefined): string =>
  priority === undefined ? '' : `^${priority}`

export const entryNamed = (entry: Entry): Named =>
  ({ head: `${ENTRY_VERBS[entry.type]}.`, name: entry.cid, tail: entryTail(entry) })

const entryTail = (entry: Entry): string => {
  if (entry.type === 'block') return entry.corrupt ? '!' : ''
  if (entry.type !== 'want-block' && entry.type !== 'want-have') return ''
  return `${priorityText(entry.priority)}${entry.sendDontHave ? '\'' : ''}`
}

/** Bare where the message is one entry and stands alone in its cell. */
export const messageNamed = (alone: boolean) => (item: MessageItem | FaultItem): Named => {
  if (item.type === 'fault') return nameless('#')
  const [entry, ...others] = compressRanges(item.entries.map(entryNamed)).map(namedText)
  const isBare = alone && !item.full && item.pendingBytes === undefined && item.entries.length === 1
  if (isBare && entry !== undefined) return nameless(entry)
  return nameless(`[${[
    ...item.full ? ['full'] : [],
    ...entry === undefined ? [] : [entry, ...others],
    ...item.pendingBytes === undefined ? [] : [`+${sizeText(item.pendingBytes)}`],
  ].join(' ')}]`)
}
