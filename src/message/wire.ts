/** What protons-runtime's reader leaves to whoever calls it. */
import type { Reader } from 'protons-runtime'
import { InvalidMessageError } from '../errors.ts'

/** Node's Buffers make Buffers of their views, at three times the cost. */
export const plain = (bytes: Uint8Array): Uint8Array =>
  bytes.constructor === Uint8Array
    ? bytes
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** A field from a newer protocol, or a known one of another wire type. */
export const skipUnknown = (r: Reader, field: number): void => {
  r.skipType(field & 7)
}

/** Reads the length of a nested message. */
export const endOfNested = (r: Reader): number => {
  const length = r.uint32()
  return r.pos + length
}

/** protons checks reads against the whole buffer only: a field may have run past its message. */
export const mustEndAt = (r: Reader, end: number): void => {
  if (r.pos === end) return
  throw new InvalidMessageError(`A part of a message ends at byte ${r.pos} instead of ${end}`)
}

/** The count, unless there are more than a message may have. */
export const atMost = (limit: number, count: number, what: string): number => {
  if (count > limit) throw new InvalidMessageError(`A message has more than ${limit} ${what}`)
  return count
}
