import { Uint8ArrayList } from 'uint8arraylist'

/** Bytes of an unsigned varint of up to 32 bits, of which a byte holds seven. */
export const varintBytes = (value: number): number =>
  (38 - Math.clz32(value | 1)) / 7 | 0

/** Bytes of an int32: a negative one is a varint of its 64-bit two's complement. */
export const int32Bytes = (value: number): number => value < 0 ? 10 : varintBytes(value)

/**
 * Writes into one buffer of a size known beforehand, between whose pieces large byte strings are
 * slipped in without being copied. protons-runtime's writer makes an object for each value instead,
 * which for a wantlist takes six times as long.
 */
export class PartWriter {
  // Not `#private`, nor defined twice: either is slower until the code is compiled.
  declare private readonly buffer: Uint8Array
  private readonly parts: Uint8Array[] = []
  private at = 0
  private partStart = 0

  constructor (byteLength: number) {
    this.buffer = new Uint8Array(byteLength)
  }

  /** A tag, a length, an enum or a bool. */
  varint (value: number): void {
    let rest = value
    while (rest > 0x7f) {
      this.buffer[this.at++] = rest & 0x7f | 0x80
      rest >>>= 7
    }
    this.buffer[this.at++] = rest
  }

  int32 (value: number): void {
    if (value >= 0) {
      this.varint(value)
      return
    }
    // Seven bits a byte; `>>` brings in the ones of a negative number beyond its 32 bits.
    for (let shift = 0; shift < 63; shift += 7) {
      this.buffer[this.at++] = value >> Math.min(shift, 31) | 0x80
    }
    this.buffer[this.at++] = 1
  }

  copy (bytes: Uint8Array): void {
    this.buffer.set(bytes, this.at)
    this.at += bytes.byteLength
  }

  /** The first `count` of the bytes: for a few, a loop is cheaper than a view. */
  copyStart (bytes: Uint8Array, count: number): void {
    for (let index = 0; index < count; index += 1) this.buffer[this.at++] = bytes[index]!
  }

  /** The bytes become a part of their own: they must not change until the message is sent. */
  splice (bytes: Uint8Array): void {
    this.cut()
    this.parts.push(bytes)
  }

  finish (): Uint8ArrayList {
    this.cut()
    return new Uint8ArrayList(...this.parts)
  }

  private cut (): void {
    if (this.at === this.partStart) return
    this.parts.push(this.buffer.subarray(this.partStart, this.at))
    this.partStart = this.at
  }
}
