import { MAX_MESSAGE_BYTES } from '../options.ts'

/** What a message spends besides its only block, at most. */
const ENVELOPE_BYTES = 1_024

/** Why a block cannot be sent, given it or its size: no message may hold it. */
export const tooLarge = (block: unknown): Error | undefined => {
  const size = block instanceof Uint8Array ? block.byteLength : block as number
  return size > MAX_MESSAGE_BYTES - ENVELOPE_BYTES
    ? new RangeError(`its ${size} bytes do not fit in a message`)
    : undefined
}
