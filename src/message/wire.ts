/** What a field is that is not there. */
export const NO_BYTES: Uint8Array = new Uint8Array(0)

/** Node's Buffers make Buffers of their views, at three times the cost. */
export const plain = (bytes: Uint8Array): Uint8Array =>
  bytes.constructor === Uint8Array
    ? bytes
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
