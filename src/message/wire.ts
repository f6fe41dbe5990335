/** Checks that any protobuf decoder of messages from strangers has to make. */
import { InvalidMessageError } from '../errors.ts'
import type { Reader } from './reader.ts'

/** What a field is that is not there. */
export const NO_BYTES: Uint8Array = new Uint8Array(0)

/** Node's Buffers make Buffers of their views, at three times the cost. */
export const plain = (bytes: Uint8Array): Uint8Array =>
  bytes.constructor === Uint8Array
    ? bytes
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** The reader knows the end of the whole only: a field may have run past its message. */
export const mustEndAt = (r: Reader, end: number): void => {
  if (r.at === end) return
  throw new InvalidMessageError(`A part of a message ends at byte ${r.at} instead of ${end}`)
}
