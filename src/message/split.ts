import { MAX_ELEMENTS } from './limits.ts'
import type { Block, OutgoingMessage, Presence, WantlistEntry } from './message.ts'
import { blockBytes, entryBytes, fieldBytes, messageBytes, presenceBytes } from './size.ts'

/**
 * A message is split above this many bytes: an envelope fits, also one of small blocks. Not more,
 * for large blocks in one frame keep each other alive.
 */
export const SPLIT_BYTES = 544 * 1024

/** What a part spends besides its elements: wantlist tag and length, `full`, pending bytes. */
const ENVELOPE_BYTES = 1 + 4 + 2 + 1 + 10

/**
 * Cuts a message into parts of at most `maxBytes`, entries first, then blocks, then presences. None
 * is empty; together they say what the message said, in its order. A single block over `maxBytes`
 * makes a part of its own, even over the 4 MiB of a message. Only the first part is `full`, for
 * another would undo it.
 */
export const split = (
  message: OutgoingMessage,
  maxBytes = SPLIT_BYTES,
): readonly OutgoingMessage[] => {
  if (fits(message, maxBytes)) return isEmpty(message) ? [] : [message]
  const { wantlist, blocks, presences, pendingBytes } = message
  const messages: OutgoingMessage[] = []
  let part = emptyPart()

  const close = (): void => {
    const { entries, blocks, presences } = part
    const full = wantlist.full && messages.length === 0
    const next = { wantlist: { entries, full }, blocks, presences, pendingBytes }
    if (isEmpty(next)) return
    messages.push(next)
    part = emptyPart()
  }
  /** `byteLength`: of the element, without its tag and length. */
  const add = <K extends Kind>(kind: K, element: Part[K][number], byteLength: number): void => {
    const added = fieldBytes(byteLength)
    const { byteLength: taken, count } = part
    if (count > 0 && (count === MAX_ELEMENTS || taken + added > maxBytes)) close()
    const elements: Part[K][number][] = part[kind]
    elements.push(element)
    part.count += 1
    part.byteLength += added
  }

  for (const entry of wantlist.entries) add('entries', entry, entryBytes(entry))
  for (const block of blocks) add('blocks', block, blockBytes(block))
  for (const presence of presences) add('presences', presence, presenceBytes(presence))
  close()
  return messages
}

const fits = (message: OutgoingMessage, maxBytes: number): boolean =>
  elementsOf(message) <= MAX_ELEMENTS && messageBytes(message) <= maxBytes

const isEmpty = (message: OutgoingMessage): boolean =>
  !message.wantlist.full && elementsOf(message) === 0

const elementsOf = ({ wantlist, blocks, presences }: OutgoingMessage): number =>
  wantlist.entries.length + blocks.length + presences.length

type Kind = 'entries' | 'blocks' | 'presences'

interface Part {
  readonly entries: WantlistEntry[]
  readonly blocks: Block[]
  readonly presences: Presence[]
  count: number
  byteLength: number
}

const emptyPart = (): Part =>
  ({ entries: [], blocks: [], presences: [], count: 0, byteLength: ENVELOPE_BYTES })
