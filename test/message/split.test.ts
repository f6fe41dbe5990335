import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMessage } from '../../src/message/decode.ts'
import { encodeMessage } from '../../src/message/encode.ts'
import { MAX_ELEMENTS } from '../../src/message/limits.ts'
import type { OutgoingMessage } from '../../src/message/message.ts'
import { messageBytes } from '../../src/message/size.ts'
import { split, SPLIT_BYTES } from '../../src/message/split.ts'
import { MAX_BLOCK_BYTES, MAX_MESSAGE_BYTES, SERVER_DEFAULTS } from '../../src/options.ts'
import * as arbitrary from './arbitraries.ts'
import { block, numberedCid, outgoing, want } from './fixtures.ts'

const isEmpty = ({ wantlist, blocks, presences }: OutgoingMessage): boolean =>
  wantlist.entries.length + blocks.length + presences.length === 0

const kinds = ({ wantlist, blocks, presences }: OutgoingMessage): string =>
  'e'.repeat(wantlist.entries.length) + 'b'.repeat(blocks.length) + 'p'.repeat(presences.length)

describe('laws', () => {
  const limits = fc.integer({ min: 1, max: 40_000 })
  const holds = (law: (message: OutgoingMessage, maxBytes: number) => void): void => {
    fc.assert(fc.property(arbitrary.message, limits, law))
  }

  it('the parts say what the message said, in order', () => {
    holds((message, maxBytes) => {
      const messages = split(message, maxBytes)
      expect(messages.flatMap(({ wantlist }) => wantlist.entries)).toEqual(message.wantlist.entries)
      expect(messages.flatMap(({ blocks }) => blocks)).toEqual(message.blocks)
      expect(messages.flatMap(({ presences }) => presences)).toEqual(message.presences)
      expect(messages.map(kinds).join('')).toBe(kinds(message))
    })
  })

  it('no part is larger than the limit, unless it holds one element only', () => {
    holds((message, maxBytes) => {
      for (const part of split(message, maxBytes)) {
        expect(messageBytes(part) <= maxBytes || kinds(part).length <= 1).toBe(true)
      }
    })
  })

  it('no part is empty, but for a full wantlist of nothing', () => {
    holds((message, maxBytes) => {
      const messages = split(message, maxBytes)
      const isFullOfNothing = isEmpty(message) && message.wantlist.full
      expect(messages.filter(isEmpty)).toHaveLength(isFullOfNothing ? 1 : 0)
    })
  })

  it('the first part only is full', () => {
    holds((message, maxBytes) => {
      const [first, ...others] = split(message, maxBytes)
      if (first !== undefined) expect(first.wantlist.full).toBe(message.wantlist.full)
      expect(others.some(({ wantlist }) => wantlist.full)).toBe(false)
    })
  })

  it('a message that fits stays as it is', () => {
    fc.assert(fc.property(arbitrary.message.filter((message) => !isEmpty(message)), (message) => {
      expect(split(message)).toEqual([message])
      expect(split(message)[0]).toBe(message)
    }))
  })
})

it('nothing to say makes no part, even with pending bytes', () => {
  expect(split(outgoing({ pendingBytes: 1 }))).toEqual([])
})

describe('large blocks', () => {
  it('of 2 MiB fit into a message', () => {
    const messages = split(outgoing({ blocks: [block(1, MAX_BLOCK_BYTES)] }))
    expect(messages).toHaveLength(1)
  })

  it('of the size of an envelope travel one by one, a window of small ones together', () => {
    const blocksOf = (count: number, byteLength: number) =>
      Array.from({ length: count }, (_, index) => block(index, byteLength))
    const { targetEnvelopeBytes } = SERVER_DEFAULTS
    expect(split(outgoing({ blocks: blocksOf(4, targetEnvelopeBytes) }))).toHaveLength(4)
    const small = split(outgoing({ blocks: blocksOf(256, targetEnvelopeBytes / 256) }))
    expect(small).toHaveLength(1)
    expect(messageBytes(small[0]!)).toBeLessThanOrEqual(SPLIT_BYTES)
  })

  it('above the limit travel alone', () => {
    const blocks = [block(1, 10), block(2, 3 * 1024 * 1024), block(3, 10)]
    const messages = split(outgoing({ blocks }))
    expect(messages.map((part) => part.blocks.map((one) => blocks.indexOf(one))))
      .toEqual([[0], [1], [2]])
  })
})

it('more entries than a receiver takes make more than one part', () => {
  const entries = Array.from({ length: MAX_ELEMENTS + 1 }, (_, number) => want(numberedCid(number)))
  const messages = split(outgoing({ wantlist: { entries, full: true } }), MAX_MESSAGE_BYTES)
  expect(messages.map(({ wantlist }) => wantlist.entries.length)).toEqual([MAX_ELEMENTS, 1])
  for (const part of messages) {
    const { wantlist } = decodeMessage(encodeMessage(part).subarray())
    expect(wantlist.entries).toHaveLength(part.wantlist.entries.length)
  }
})
