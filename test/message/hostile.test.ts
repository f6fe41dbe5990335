/** What peers of ill will send: it costs them their stream and us next to nothing. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidMessageError } from '../../src/errors.ts'
import { decodeMessage } from '../../src/message/decode.ts'
import { encodeMessage } from '../../src/message/encode.ts'
import { MAX_MESSAGE_BYTES } from '../../src/options.ts'
import * as arbitrary from './arbitraries.ts'

/** A message, or an `InvalidMessageError`; whatever else is thrown comes through. */
const received = (bytes: Uint8Array): unknown => {
  try {
    return decodeMessage(bytes)
  } catch (error) {
    if (error instanceof InvalidMessageError) return error
    throw error
  }
}

describe('nothing but a message or an InvalidMessageError comes of', () => {
  it('any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(received(bytes)).toBeDefined()
    }), { numRuns: 2_000 })
  })

  it('a message with some of its bytes changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 })
    fc.assert(fc.property(arbitrary.message, changes, (message, edits) => {
      const bytes = encodeMessage(message).subarray().slice()
      for (const [at, byte] of edits) bytes[at % bytes.byteLength] = byte
      expect(received(bytes)).toBeDefined()
    }), { numRuns: 1_000 })
  })

  it('a message cut short anywhere, or with a piece cut out', () => {
    fc.assert(fc.property(arbitrary.message, fc.nat(), fc.nat(20), (message, at, length) => {
      const bytes = encodeMessage(message).subarray()
      const from = at % bytes.byteLength
      expect(received(bytes.subarray(0, from))).toBeDefined()
      const rest = bytes.subarray(from + length)
      expect(received(Uint8Array.of(...bytes.subarray(0, from), ...rest))).toBeDefined()
    }), { numRuns: 500 })
  })
})

describe('4 MiB of elements too small to mean anything', () => {
  const message = (element: readonly number[], isWantlist: boolean): Uint8Array => {
    const bytes = new Uint8Array(MAX_MESSAGE_BYTES)
    // A wantlist of all the rest: its length is 4 MiB - 5, in four bytes of varint.
    if (isWantlist) bytes.set([0x0a, 0xfb, 0xff, 0xff, 0x01])
    const end = bytes.length - element.length
    for (let at = isWantlist ? 5 : 0; at <= end; at += element.length) bytes.set(element, at)
    return bytes
  }

  it.each([
    ['empty entries', [0x0a, 0x00], true],
    ['identity entries', [0x0a, 0x06, 0x0a, 0x04, 1, 0x55, 0, 0], true],
    ['empty presences', [0x22, 0x00], false],
    ['identity presences', [0x22, 0x06, 0x0a, 0x04, 1, 0x55, 0, 0], false],
    ['empty blocks', [0x1a, 0x00], false],
    ['empty raw blocks', [0x12, 0x00], false],
    ['blocks of a prefix only', [0x1a, 0x06, 0x0a, 0x04, 1, 0x55, 0x12, 0x20], false],
  ])('%s are refused in no time and no memory', (_, element, isWantlist) => {
    const bytes = message(element, isWantlist)
    const before = process.memoryUsage().heapUsed
    const start = process.cpuUsage()
    expect(received(bytes)).toBeInstanceOf(InvalidMessageError)
    // Some 30 ms at most. Time of the processor, for the machine may have other things to do.
    expect(process.cpuUsage(start).user).toBeLessThan(1_000_000)
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 1024 * 1024)
  })
})
