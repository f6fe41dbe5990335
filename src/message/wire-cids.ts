import { CID } from 'multiformats/cid'
import { MAX_CID_BYTES } from '../options.ts'
import { DAG_PB, IDENTITY, SHA2_256 } from './cid-prefix.ts'
import { cidView } from './cid-view.ts'

/**
 * So much of a message is copied at a time. CIDs share the copy: of their own they would cost three
 * times the time, as views on the message one of them would keep up to 4 MiB alive.
 */
const SLAB_BYTES = 1024

/**
 * Reads the CIDs of a message, each between a start and an end, in their order. The CIDs own their
 * bytes. Gives `undefined` for those that no node has to know: identity CIDs, which hold their
 * content, and CIDs over 168 bytes. Throws an `Error` for a missing or malformed one.
 */
export const wireCids = (
  message: Uint8Array,
): (start: number, end: number) => CID | undefined => {
  let slab = message
  let slabStart = 0
  let slabEnd = 0

  const own = (start: number, end: number): Uint8Array => {
    if (end > slabEnd) {
      slabStart = start
      slabEnd = start + SLAB_BYTES
      slab = message.slice(slabStart, slabEnd)
    }
    return slab.subarray(start - slabStart, end - slabStart)
  }

  return (start, end) => {
    const byteLength = end - start
    if (byteLength > MAX_CID_BYTES) return undefined
    const first = message[start]!
    const second = message[start + 1]!
    // sha2-256 of 32 bytes, as every version 0 CID.
    if (byteLength === 34 && first === SHA2_256 && second === 32) {
      return cidView(0, DAG_PB, SHA2_256, own(start, end))
    }
    const hashCode = message[start + 2]!
    const digestLength = message[start + 3]!
    // Version 1 with varints of one byte each, as nearly every CID.
    const isPlain = first === 1 && (second | hashCode | digestLength) < 0x80
      && digestLength === byteLength - 4
    if (!isPlain) return anyCid(own(start, end))
    return hashCode === IDENTITY ? undefined : cidView(1, second, hashCode, own(start, end))
  }
}

const anyCid = (bytes: Uint8Array): CID | undefined => {
  const cid = CID.decode(bytes)
  if (cid.version === 0) throw new RangeError('no version 0 CID')
  return cid.multihash.code === IDENTITY ? undefined : cid
}
