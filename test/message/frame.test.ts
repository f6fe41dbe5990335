import fc from 'fast-check'
import { Uint8ArrayList } from 'uint8arraylist'
import { describe, expect, it } from 'vitest'
import { InvalidMessageError } from '../../src/errors.ts'
import { frame, frameDecoder, type FrameDecoderInit } from '../../src/message/frame.ts'
import { MAX_MESSAGE_BYTES } from '../../src/options.ts'
import { hex } from './hex.ts'

/** A body of bytes that differ, so that a misplaced one shows. */
const body = (byteLength: number): Uint8Array =>
  Uint8Array.from({ length: byteLength }, (_, index) => index * 31 + byteLength)

const framed = (...bodies: Uint8Array[]): Uint8Array =>
  new Uint8ArrayList(...bodies.map((bytes) => frame(new Uint8ArrayList(bytes)))).subarray()

/** The frames that come out when the chunks go in. */
const framesOf = (
  chunks: readonly (Uint8Array | Uint8ArrayList)[],
  init: Pick<FrameDecoderInit, 'maxFrameBytes' | 'onCopied'> = {},
) => {
  const frames: Uint8Array[] = []
  const decoder = frameDecoder({ ...init, onFrame: (bytes) => { frames.push(bytes) } })
  for (const chunk of chunks) decoder.push(chunk)
  return frames
}

/** `toEqual` looks at every byte of its own accord, in its own time. */
const expectSame = (found: readonly Uint8Array[], expected: readonly Uint8Array[]): void => {
  expect(found.map(({ byteLength }) => byteLength))
    .toEqual(expected.map(({ byteLength }) => byteLength))
  expect(found.every((bytes, index) => Buffer.compare(bytes, expected[index]!) === 0)).toBe(true)
}

const cut = (bytes: Uint8Array, size: number): Uint8Array[] => {
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.byteLength; at += size) chunks.push(bytes.subarray(at, at + size))
  return chunks
}

describe('a frame', () => {
  it.each([
    [0, '00'], [1, '01'], [127, '7f'], [128, '80 01'], [16_383, 'ff 7f'], [16_384, '80 80 01'],
  ])(
    'of %i bytes begins with %s', (byteLength, prefix) => {
      expect(framed(body(byteLength)).subarray(0, -byteLength || undefined)).toEqual(hex(prefix))
    },
  )

  it('does not copy its body', () => {
    const part = body(3)
    expect([...frame(new Uint8ArrayList(part))][1]).toBe(part)
  })
})

describe('frames are found', () => {
  const bodies = [body(5), body(0), body(300), body(1), body(0)]
  const stream = framed(...bodies)

  it('cut in two at every byte', () => {
    for (let at = 0; at <= stream.byteLength; at++) {
      expect(framesOf([stream.subarray(0, at), stream.subarray(at)])).toEqual(bodies)
    }
  })

  it('in chunks of every size', () => {
    for (let size = 1; size <= stream.byteLength; size++) {
      expect(framesOf(cut(stream, size))).toEqual(bodies)
      expect(framesOf([new Uint8ArrayList(...cut(stream, size))])).toEqual(bodies)
    }
  })

  it('however large, wherever cut', () => {
    const sizes = fc.oneof(fc.nat(200), fc.integer({ min: 60_000, max: 200_000 }))
    fc.assert(fc.property(fc.array(sizes, { maxLength: 4 }), fc.array(sizes), (lengths, cuts) => {
      const all = lengths.map(body)
      const bytes = framed(...all)
      let from = 0
      const chunks = cuts.map((size) => bytes.subarray(from, from += size))
      expectSame(framesOf([...chunks, bytes.subarray(from)]), all)
    }), { numRuns: 50 })
  })

  it('whatever becomes of the pieces that were copied', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 100 })), (cuts) => {
      const bytes = framed(...bodies)
      let from = 0
      const chunks = cuts.map((size) => bytes.subarray(from, from += size))
      const onCopied = (piece: Uint8Array): void => { piece.fill(0xff) }
      expectSame(framesOf([...chunks, bytes.subarray(from)], { onCopied }), bodies)
    }))
  })

  it('as views on a chunk that holds all of them', () => {
    for (const found of framesOf([stream])) {
      if (found.byteLength > 0) expect(found.buffer).toBe(stream.buffer)
    }
  })

  it('in buffers of exactly their size otherwise', () => {
    const [found] = framesOf(cut(framed(body(100_000)), 65_519))
    expect(found?.buffer.byteLength).toBe(100_000)
  })

  it('after one whose reader threw', () => {
    const seen: number[] = []
    const decoder = frameDecoder({
      onFrame: ({ byteLength }) => {
        seen.push(byteLength)
        if (byteLength === 2) throw new Error('not for me')
      },
    })
    expect(() => { decoder.push(framed(body(2))) }).toThrow('not for me')
    decoder.push(framed(body(3)))
    expect(seen).toEqual([2, 3])
  })
})

describe('a length', () => {
  const refused = (text: string, maxFrameBytes = MAX_MESSAGE_BYTES): void => {
    const limit = { maxFrameBytes }
    expect(() => framesOf([hex(text)], limit)).toThrow(InvalidMessageError)
    expect(() => framesOf(cut(hex(text), 1), limit)).toThrow(InvalidMessageError)
  }

  it('of 4 MiB is the largest', () => {
    const largest = body(MAX_MESSAGE_BYTES)
    expectSame(framesOf([framed(largest)]), [largest])
    refused('81 80 80 02')
  })

  it('is held to another limit', () => {
    expect(framesOf([framed(body(100))], { maxFrameBytes: 100 })).toHaveLength(1)
    refused('65', 100)
  })

  it('that never ends is refused', () => {
    refused('80 80 80 80 80')
    refused('ff ff ff ff ff ff ff ff ff ff 01')
  })

  it('is refused before it is all there', () => {
    refused('ff ff ff ff')
  })

  it('sets aside no more memory than what has arrived warrants', () => {
    const decoders = Array.from({ length: 1_000 }, () => frameDecoder({ onFrame: () => undefined }))
    const before = process.memoryUsage().arrayBuffers
    // 4 MiB announced, 10 bytes sent.
    for (const decoder of decoders) decoder.push(hex('80 80 80 02 01 02 03 04 05 06'))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 * 1024)
  })
})
