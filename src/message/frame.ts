import type { Uint8ArrayList } from 'uint8arraylist'
import { InvalidMessageError } from '../errors.ts'
import { MAX_MESSAGE_BYTES } from '../options.ts'
import { PartWriter, varintBytes } from './part-writer.ts'
import { NO_BYTES } from './wire.ts'

export interface FrameDecoderInit {
  /** Longest frame accepted, in bytes, without its length prefix. Default 4 MiB. */
  readonly maxFrameBytes?: number
  /** Each frame's content: a view on the chunk it came in, or on a buffer of its own. */
  readonly onFrame: (bytes: Uint8Array) => void
  /** A piece of a chunk that was copied into a frame's own buffer, and is not looked at again. */
  readonly onCopied?: ((piece: Uint8Array) => void) | undefined
}

export interface FrameDecoder {
  /**
   * Takes what arrived next, whatever its borders. Throws `InvalidMessageError` for a frame that is
   * too long; the rest of the stream makes no sense then: reset it. What `onFrame` throws comes
   * through. Not to be called from `onFrame`.
   */
  push(chunk: Uint8Array | Uint8ArrayList): void
  /** A frame has begun and is not whole yet. */
  readonly isMidFrame: boolean
}

/** The least that is set aside for a frame that did not arrive in one chunk. */
const MIN_BUFFER_BYTES = 64 * 1024

/** No more is set aside than so many times what has arrived, whatever length was announced. */
const BUFFER_PER_ARRIVED_BYTE = 16

/** A length of more bytes than this is too long, however small its value. */
const MAX_LENGTH_BYTES = 5

/** Finds the frames in a stream: each is its length as an unsigned varint, then its content. */
export const frameDecoder = (
  { maxFrameBytes = MAX_MESSAGE_BYTES, onFrame, onCopied }: FrameDecoderInit,
): FrameDecoder => {
  /** Content bytes of the frame being read; `undefined` while its length is being read. */
  let frameBytes: number | undefined
  let length = 0
  let lengthBytes = 0
  let buffer: Uint8Array = NO_BYTES
  let arrived = 0

  const readLength = (byte: number): void => {
    length += (byte & 0x7f) * 2 ** (7 * lengthBytes++)
    if (length > maxFrameBytes) {
      throw new InvalidMessageError(`A frame of ${length} bytes or more: limit ${maxFrameBytes}`)
    }
    if (byte < 0x80) open()
    else if (lengthBytes === MAX_LENGTH_BYTES) {
      throw new InvalidMessageError(`A frame's length is over ${MAX_LENGTH_BYTES} bytes`)
    }
  }

  const open = (): void => {
    frameBytes = length
    length = 0
    lengthBytes = 0
    if (frameBytes === 0) close(NO_BYTES)
  }

  const readContent = (part: Uint8Array, at: number, total: number): number => {
    const end = Math.min(part.byteLength, at + total - arrived)
    const piece = part.subarray(at, end)
    if (piece.byteLength === total) close(piece)
    else collect(piece, total)
    return end
  }

  const collect = (piece: Uint8Array, total: number): void => {
    const needed = arrived + piece.byteLength
    if (needed > buffer.byteLength) buffer = grow(buffer, Math.min(total, roomFor(needed)))
    buffer.set(piece, arrived)
    onCopied?.(piece)
    arrived = needed
    if (arrived === total) close(buffer)
  }

  /** The next frame starts clean, even if `onFrame` throws. */
  const close = (bytes: Uint8Array): void => {
    frameBytes = undefined
    buffer = NO_BYTES
    arrived = 0
    onFrame(bytes)
  }

  const pushPart = (part: Uint8Array): void => {
    let at = 0
    while (at < part.byteLength) {
      if (frameBytes === undefined) readLength(part[at++]!)
      else at = readContent(part, at, frameBytes)
    }
  }

  return {
    push: (chunk) => {
      if (chunk instanceof Uint8Array) pushPart(chunk)
      else for (const part of chunk) pushPart(part)
    },
    get isMidFrame () { return frameBytes !== undefined || lengthBytes > 0 },
  }
}

/** Puts a message's length before it, as one more part. */
export const frame = (body: Uint8ArrayList): Uint8ArrayList => {
  const writer = new PartWriter(varintBytes(body.byteLength))
  writer.varint(body.byteLength)
  const framed = writer.finish()
  framed.append(body)
  return framed
}

const roomFor = (arrivedBytes: number): number =>
  Math.max(MIN_BUFFER_BYTES, arrivedBytes * BUFFER_PER_ARRIVED_BYTE)

const grow = (buffer: Uint8Array, byteLength: number): Uint8Array => {
  const larger = new Uint8Array(byteLength)
  larger.set(buffer)
  return larger
}
