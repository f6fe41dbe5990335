import { MAX_MESSAGE_BYTES } from '../options.ts'
import { MAX_ELEMENTS } from './limits.ts'
import type { Block, OutgoingMessage, Presence, WantlistEntry } from './message.ts'
import { blockBytes, entryBytes, fieldBytes, messageBytes, presenceBytes } from './size.ts'

/**
 * A message is split above this many bytes: an envelope of small blocks fits, and large ones travel
 * one by one, so that the receiver need not cut them out of a larger frame.
 */
export const SPLIT_BYTES = 272 * 1024

/** What a part spends besides its elements: wantlist tag and length, `full`, pending bytes. */
const ENVELOPE_BYTES = 1 + 4 + 2 + 1 + 10

export interface Split {
  /** None is empty; together they say what the message said, in its order. */
  readonly messages: readonly OutgoingMessage[]
  /** Blocks that no message of 4 MiB can carry. */
  readonly oversized: readonly Block[]
}

/**
 * Cuts a message into parts of at most `maxBytes`, entries first, then blocks, then presences. A
 * single block over `maxBytes` makes a part of its own, of at most 4 MiB. Only the first part is
 * `full`, for another would undo it. Nothing to say gives no part at all.
 */
export const split = (message: OutgoingMessage, maxBytes = SPLIT_BYTES): Split => {
  if (fits(message, maxBytes)) return { messages: isEmpty(message) ? [] : [message], oversized: [] }
  const parts = new Parts(message, maxBytes)
  const oversized: Block[] = []
  for (const entry of message.wantlist.entries) parts.add('entries', entry, entryBytes(entry))
  for (const block of message.blocks) {
    const byteLength = blockBytes(block)
    if (ENVELOPE_BYTES + fieldBytes(byteLength) > MAX_MESSAGE_BYTES) oversized.push(block)
    else parts.add('blocks', block, byteLength)
  }
  for (const presence of message.presences) {
    parts.add('presences', presence, presenceBytes(presence))
  }
  return { messages: parts.finish(), oversized }
}

const fits = (message: OutgoingMessage, maxBytes: number): boolean =>
  elementsOf(message) <= MAX_ELEMENTS && messageBytes(message) <= maxBytes

const isEmpty = (message: OutgoingMessage): boolean =>
  !message.wantlist.full && elementsOf(message) === 0

const elementsOf = ({ wantlist, blocks, presences }: OutgoingMessage): number =>
  wantlist.entries.length + blocks.length + presences.length

/** Fills one part after another. */
class Parts {
  readonly #source: OutgoingMessage
  readonly #maxBytes: number
  readonly #messages: OutgoingMessage[] = []
  #part = emptyPart()

  constructor (source: OutgoingMessage, maxBytes: number) {
    this.#source = source
    this.#maxBytes = maxBytes
  }

  /** `byteLength`: of the element, without its tag and length. */
  add <K extends Kind>(kind: K, element: Part[K][number], byteLength: number): void {
    const added = fieldBytes(byteLength)
    const { byteLength: taken, count } = this.#part
    if (count > 0 && (count === MAX_ELEMENTS || taken + added > this.#maxBytes)) this.#close()
    const elements: Part[K][number][] = this.#part[kind]
    elements.push(element)
    this.#part.count += 1
    this.#part.byteLength += added
  }

  finish (): readonly OutgoingMessage[] {
    this.#close()
    return this.#messages
  }

  #close (): void {
    const { wantlist: { full }, pendingBytes } = this.#source
    const { entries, blocks, presences } = this.#part
    const wantlist = { entries, full: full && this.#messages.length === 0 }
    const message = { wantlist, blocks, presences, pendingBytes }
    if (isEmpty(message)) return
    this.#messages.push(message)
    this.#part = emptyPart()
  }
}

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
