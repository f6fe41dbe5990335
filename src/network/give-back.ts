/** Noise decrypts into buffers of its own making, which nobody but the reader of a stream has. */
const NOISE = '/noise'

/** Smaller buffers are not worth it. */
const MIN_BYTES = 16 * 1024

/**
 * Frees, on a connection of this encryption, a buffer that has been copied, if all of it is ours.
 * Otherwise it waits for the collector, which buffers outside its heap are the reason to run for:
 * a block of 256 KiB comes in as many bytes of them. Without Noise the buffer may be the very block
 * in the store of a peer in the same process.
 */
export const giveBack = (
  encryption: string | undefined,
): ((copied: Uint8Array) => void) | undefined =>
  encryption === NOISE ? free : undefined

const free = ({ buffer, byteLength }: Uint8Array): void => {
  if (byteLength < MIN_BYTES || byteLength !== buffer.byteLength) return
  // Absent from shared buffers, and from browsers before 2024.
  if ('transfer' in buffer) buffer.transfer(0)
}
