import { CID } from 'multiformats/cid'
import { InvalidMessageError } from '../errors.ts'
import { MAX_CID_BYTES } from '../options.ts'
import { CID_V0_PREFIX, IDENTITY, SHA2_256 } from './cid-prefix.ts'
import { cidView } from './cid-view.ts'

/**
 * CIDs share buffers of this size: of their own they would cost three times the time, as views on
 * the frame one of them would keep up to 4 MiB alive.
 */
const SLAB_BYTES = 1024

/**
 * Reads the CIDs of one message, that takes `messageBytes`. The CIDs own their bytes. Gives
 * `undefined` for those that no node has to know: identity CIDs, which hold their content, and CIDs
 * over 168 bytes. Throws `InvalidMessageError` for a missing or malformed one.
 */
export const wireCids = (messageBytes: number): (bytes: Uint8Array) => CID | undefined => {
  let slab = NO_BYTES
  let free = 0

  const own = (bytes: Uint8Array): Uint8Array => {
    if (free + bytes.byteLength > slab.byteLength) {
      slab = new Uint8Array(Math.max(bytes.byteLength, Math.min(SLAB_BYTES, messageBytes)))
      free = 0
    }
    slab.set(bytes, free)
    return slab.subarray(free, free += bytes.byteLength)
  }

  return (bytes) => {
    if (bytes.byteLength === 0) throw new InvalidMessageError('A CID is missing')
    if (bytes.byteLength > MAX_CID_BYTES) return undefined
    if (isPlainV0(bytes)) return cidView(own(bytes), CID_V0_PREFIX, 0, 2)
    if (!isPlainV1(bytes)) return anyCid(own(bytes))
    const { 1: codec = 0, 2: hashCode = IDENTITY } = bytes
    if (hashCode === IDENTITY) return undefined
    return cidView(own(bytes), { version: 1, codec, hashCode }, 2, 4)
  }
}

const NO_BYTES = new Uint8Array(0)

/** sha2-256 of 32 bytes, as every version 0 CID. */
const isPlainV0 = (bytes: Uint8Array): boolean =>
  bytes.byteLength === 34 && bytes[0] === SHA2_256 && bytes[1] === 32

/** Version 1 with varints of one byte each, as nearly every CID. */
const isPlainV1 = (bytes: Uint8Array): boolean => {
  const { 0: version, 1: codec = 0x80, 2: hashCode = 0x80, 3: digestLength = 0x80 } = bytes
  return version === 1 && codec < 0x80 && hashCode < 0x80
    && digestLength < 0x80 && digestLength === bytes.byteLength - 4
}

const anyCid = (bytes: Uint8Array): CID | undefined => {
  const cid = parse(bytes)
  if (cid.version === 0) throw new InvalidMessageError('A version 0 CID is not 34 bytes long')
  return cid.multihash.code === IDENTITY ? undefined : cid
}

const parse = (bytes: Uint8Array): CID => {
  try {
    return CID.decode(bytes)
  } catch (cause) {
    throw new InvalidMessageError(`${bytes.byteLength} bytes are not a CID`, { cause })
  }
}
