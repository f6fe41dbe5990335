import type { AppItem, Entry, Item, MessageItem, Request } from '../marble/items.ts'
import { requestText } from '../marble/notation/app.ts'

/** Whether what happened is what is written. Facts that are not written may be anything. */
export const matches = (expected: Item, actual: Item): boolean => {
  if (expected.type === 'message') return actual.type === 'message' && sameMessage(expected, actual)
  if ('request' in expected) return 'request' in actual && sameAnswer(expected, actual)
  if (expected.type === 'event') {
    return actual.type === 'event' && actual.name === expected.name && actual.cid === expected.cid
      && (expected.details.length === 0 || expected.details.join(' ') === actual.details.join(' '))
  }
  return sameFields(expected, actual)
}

const sameMessage = (expected: MessageItem, actual: MessageItem): boolean => {
  const { full, entries, pendingBytes = actual.pendingBytes } = expected
  if (full !== actual.full || pendingBytes !== actual.pendingBytes) return false
  if (entries.length !== actual.entries.length) return false
  const left = new Map(actual.entries.map((entry) => [entryKey(entry), entry]))
  return entries.every((entry) => {
    const other = left.get(entryKey(entry))
    left.delete(entryKey(entry))
    return other !== undefined && samePriority(entry, other)
  })
}

/** What tells the entries of one message apart, and all that must agree but the priority. */
const entryKey = (entry: Entry): string => {
  const { type, cid } = entry
  const isCorrupt = type === 'block' && entry.corrupt
  return `${type} ${cid}${isCorrupt ? '!' : ''}${isWant(entry) && entry.sendDontHave ? '\'' : ''}`
}

type Want = Extract<Entry, { type: 'want-block' | 'want-have' }>

export const isWant = (entry: Entry): entry is Want =>
  entry.type === 'want-block' || entry.type === 'want-have'

const samePriority = (expected: Entry, actual: Entry): boolean =>
  !isWant(expected) || !isWant(actual)
  || expected.priority === undefined || expected.priority === actual.priority

type Answer = AppItem & { readonly request: Request }

const sameAnswer = (expected: Answer, actual: Answer): boolean => {
  if (expected.request.ask !== actual.request.ask) return false
  if (requestText(expected.request) !== requestText(actual.request)) return false
  if (expected.type === 'delivered' && actual.type === 'delivered') {
    return expected.cid === actual.cid && (expected.from ?? actual.from) === actual.from
  }
  return sameFields({ ...expected, request: 0 }, { ...actual, request: 0 })
}

/** The same fields, but for the marks. */
const sameFields = (expected: object, actual: object): boolean =>
  fieldsText(expected) === fieldsText(actual)

const fieldsText = (item: object): string => {
  const facts = Object.entries(item).filter(([name]) => name !== 'tolerance' && name !== 'tag')
  return JSON.stringify(facts.sort())
}
