import type { CID } from 'multiformats/cid'
import type { Block, OutgoingMessage, Presence, WantlistEntry } from '../../message/message.ts'
import type { Entry, MessageItem } from '../marble/items.ts'
import type { Cast } from './cast.ts'

/** The message that a peer sends where `item` stands. */
export const messageOf = (cast: Cast, item: MessageItem): OutgoingMessage => {
  const entries: WantlistEntry[] = []
  const blocks: Block[] = []
  const presences: Presence[] = []
  for (const entry of item.entries) {
    switch (entry.type) {
      case 'want-block':
      case 'want-have':
      case 'cancel':
        entries.push(wantlistEntry(cast, entry))
        break
      case 'block':
        blocks.push(entry.corrupt ? cast.corrupt(entry.cid) : cast.block(entry.cid))
        break
      case 'have':
      case 'dont-have':
        presences.push({ type: entry.type, cid: cast.block(entry.cid).cid })
        break
      default: entry satisfies never
    }
  }
  const { full, pendingBytes = 0 } = item
  return { wantlist: { entries, full }, blocks, presences, pendingBytes }
}

const wantlistEntry = (
  cast: Cast,
  entry: Extract<Entry, { type: WantlistEntry['type'] }>,
): WantlistEntry => {
  const { cid } = cast.block(entry.cid)
  if (entry.type === 'cancel') return { type: 'cancel', cid }
  const { type, priority = 1, sendDontHave } = entry
  return { type, cid, priority, sendDontHave }
}

/** What is written of a message that we sent. */
export const itemOf = (nameOf: NameOfCid, message: OutgoingMessage): MessageItem => {
  const { wantlist: { entries, full }, blocks, presences, pendingBytes } = message
  return {
    type: 'message',
    full,
    entries: [
      ...entries.map((entry) => entryOf(nameOf, entry)),
      ...blocks.map(({ cid }): Entry => ({ type: 'block', cid: nameOf(cid), corrupt: false })),
      ...presences.map(({ type, cid }) => ({ type, cid: nameOf(cid) })),
    ],
    pendingBytes,
  }
}

export const entryOf = (nameOf: NameOfCid, entry: WantlistEntry): Entry => {
  const cid = nameOf(entry.cid)
  if (entry.type === 'cancel') return { type: 'cancel', cid }
  const { type, priority, sendDontHave } = entry
  return { type, cid, priority, sendDontHave }
}

type NameOfCid = (cid: CID) => string
