/** What is read off the node: a ledger, `[>100B <40B]`, and its diary, `cancel.x(received)`. */
import type { EventItem, LedgerItem } from '../items.ts'
import { takeKnownRange } from '../names.ts'
import type { Named, Names } from '../names.ts'
import { sizeText, takeSize } from '../quantities.ts'
import type { Scanner } from '../scanner.ts'
import { EVENTS, isEvent } from './events.ts'
import { nameless, takeInParentheses } from './marks.ts'

export const takeLedger = (scanner: Scanner): LedgerItem => {
  const expected = 'bytes sent and received, as in [>100B <40B]'
  if (scanner.take(/\[ */y) === undefined) throw scanner.error(expected)
  const sentBytes = scanner.take('>') === undefined ? 0 : takeSize(scanner)
  scanner.skipSpace()
  const receivedBytes = scanner.take('<') === undefined ? 0 : takeSize(scanner)
  if (scanner.take(/ *\]/y) === undefined) throw scanner.error(expected)
  return { type: 'ledger', sentBytes, receivedBytes }
}

export const ledgerNamed = ({ sentBytes, receivedBytes }: LedgerItem): Named =>
  nameless(`[>${sizeText(sentBytes)} <${sizeText(receivedBytes)}]`)

export const takeEvents = (scanner: Scanner, names: Names): readonly EventItem[] => {
  const at = scanner.position()
  const name = scanner.take(/[a-z]+(?:-[a-z]+)*/y)
  if (name === undefined) throw scanner.error('the type of an event, as in cancel.x(received)')
  if (!isEvent(name)) throw scanner.error(
    `one of ${Object.keys(EVENTS).join(' ')}`,
    `no event is called "${name}"`,
    at,
  )
  const cids = scanner.take('.') === undefined ? undefined : takeKnownRange(scanner, names, 'cids')
  const details = takeInParentheses(scanner, () => takeDetails(scanner)) ?? []
  const event = { type: 'event', name, details } as const
  return cids === undefined ? [event] : cids.map((cid) => ({ ...event, cid }))
}

const takeDetails = (scanner: Scanner): readonly string[] => {
  const details: string[] = []
  for (scanner.skipSpace(); scanner.peek(')') === undefined; scanner.skipSpace()) {
    const detail = scanner.take(/[^\s();"]+/y)
    if (detail === undefined) throw scanner.error('")"')
    details.push(detail)
  }
  return details
}

export const eventNamed = ({ name, cid, details }: EventItem): Named => {
  const tail = details.length === 0 ? '' : `(${details.join(' ')})`
  return cid === undefined ? nameless(`${name}${tail}`) : { head: `${name}.`, name: cid, tail }
}
