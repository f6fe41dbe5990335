const VARINT = 0
const FIXED_64 = 1
const LENGTH_DELIMITED = 2
const START_GROUP = 3
const END_GROUP = 4
const FIXED_32 = 5

/**
 * Reads protobuf from bytes, value by value. Throws a `RangeError` for bytes that cannot be
 * protobuf. A nested message may end beyond the one around it: see `mustEndAt`.
 */
export class Reader {
  /** Where the next value begins, in bytes. */
  at = 0
  declare readonly byteLength: number
  // Not `#private`, nor defined twice: either is slower until the code is compiled.
  declare private readonly bytes: Uint8Array

  constructor (bytes: Uint8Array) {
    this.bytes = bytes
    this.byteLength = bytes.byteLength
  }

  /** A varint, cut to its lower 32 bits as protobuf demands. For an int32, take `| 0` of it. */
  uint32 (): number {
    const byte = this.bytes[this.at++]!
    // Nearly every varint takes one byte. The byte after the last one, `undefined`, is not less.
    return byte < 0x80 ? byte : this.longUint32(byte)
  }

  /** Reads a length. Where the bytes end that are so long; they begin at `at`. */
  end (): number {
    const byteLength = this.uint32()
    const end = this.at + byteLength
    if (end > this.byteLength) throw this.wrong()
    return end
  }

  /** Bytes after their length: a view. */
  view (): Uint8Array {
    const end = this.end()
    const view = this.bytes.subarray(this.at, end)
    this.at = end
    return view
  }

  /** Passes over the field whose tag was read last. */
  skip (tag: number): void {
    // Groups are counted, for their depth is up to the peer: calls would run out of stack.
    let openGroups = 0
    for (let type = tag & 7; ; type = this.uint32() & 7) {
      if (type === START_GROUP) openGroups++
      else if (type === END_GROUP && openGroups > 0) openGroups--
      else this.skipValue(type)
      if (openGroups === 0) return
    }
  }

  /** Passes over what is left of a field, which must not have been read beyond its end. */
  skipTo (end: number): void {
    if (this.at > end) throw this.wrong()
    this.at = end
  }

  /** A field may have run past its message: only the end of the whole is seen by itself. */
  mustEndAt (end: number): void {
    if (this.at !== end) throw this.wrong()
  }

  private longUint32 (first: number): number {
    let value = first & 0x7f
    for (let shift = 7; shift < 70; shift += 7) {
      const byte = this.bytes[this.at++]
      if (byte === undefined) break
      // A shift takes its count modulo 32: the bits beyond would come in again.
      if (shift < 32) value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw this.wrong()
  }

  private skipValue (type: number): void {
    if (type === VARINT) this.uint32()
    else if (type === LENGTH_DELIMITED) this.at = this.end()
    else if (type === FIXED_64) this.skipBytes(8)
    else if (type === FIXED_32) this.skipBytes(4)
    else throw this.wrong()
  }

  private skipBytes (count: number): void {
    this.at += count
    if (this.at > this.byteLength) throw this.wrong()
  }

  private wrong (): RangeError {
    return new RangeError(`no protobuf before byte ${this.at}`)
  }
}
