import { MAX_MESSAGE_BYTES } from '../options.ts'
import { MAX_BLOCKS, MAX_ENTRIES, MAX_PRESENCES } from './limits.ts'
import type { Block, OutgoingMessage, Presence, WantlistEntry } from './message.ts'
import {
  blockBytes, entryBytes, fieldBytes, messageBytes, messageBytesAtMost, presenceBytes,
} from './size.ts'

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
  for (const entry of message.wantlist.entries) parts.addEntry(entry)
  for (const block of message.blocks) parts.addBlock(block)
  for (const presence of message.presences) parts.addPresence(presence)
  return parts.finish()
}

const fits = (message: OutgoingMessage, maxBytes: number): boolean =>
  message.wantlist.entries.length <= MAX_ENTRIES
  && message.blocks.length <= MAX_BLOCKS
  && message.presences.length <= MAX_PRESENCES
  && (messageBytesAtMost(message) <= maxBytes || messageBytes(message) <= maxBytes)

const isEmpty = ({ wantlist, blocks, presences }: OutgoingMessage): boolean =>
  !wantlist.full && wantlist.entries.length + blocks.length + presences.length === 0

/** Fills one part after another. */
class Parts {
  readonly #source: OutgoingMessage
  readonly #maxBytes: number
  readonly #messages: OutgoingMessage[] = []
  readonly #oversized: Block[] = []
  #entries: WantlistEntry[] = []
  #blocks: Block[] = []
  #presences: Presence[] = []
  #byteLength = ENVELOPE_BYTES

  constructor (source: OutgoingMessage, maxBytes: number) {
    this.#source = source
    this.#maxBytes = maxBytes
  }

  addEntry (entry: WantlistEntry): void {
    this.#makeRoom(fieldBytes(entryBytes(entry)), this.#entries.length < MAX_ENTRIES)
    this.#entries.push(entry)
  }

  addBlock (block: Block): void {
    const byteLength = fieldBytes(blockBytes(block))
    if (ENVELOPE_BYTES + byteLength > MAX_MESSAGE_BYTES) {
      this.#oversized.push(block)
      return
    }
    this.#makeRoom(byteLength, this.#blocks.length < MAX_BLOCKS)
    this.#blocks.push(block)
  }

  addPresence (presence: Presence): void {
    this.#makeRoom(fieldBytes(presenceBytes(presence)), this.#presences.length < MAX_PRESENCES)
    this.#presences.push(presence)
  }

  finish (): Split {
    this.#close()
    return { messages: this.#messages, oversized: this.#oversized }
  }

  #makeRoom (byteLength: number, isCountFree: boolean): void {
    const isOver = !isCountFree || this.#byteLength + byteLength > this.#maxBytes
    if (isOver && this.#byteLength > ENVELOPE_BYTES) this.#close()
    this.#byteLength += byteLength
  }

  #close (): void {
    const { wantlist: { full }, pendingBytes } = this.#source
    const message: OutgoingMessage = {
      wantlist: { entries: this.#entries, full: full && this.#messages.length === 0 },
      blocks: this.#blocks,
      presences: this.#presences,
      pendingBytes,
    }
    if (isEmpty(message)) return
    this.#messages.push(message)
    this.#entries = []
    this.#blocks = []
    this.#presences = []
    this.#byteLength = ENVELOPE_BYTES
  }
}
