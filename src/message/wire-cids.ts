import { CID } from 'multiformats/cid'
import { Digest } from 'multiformats/hashes/digest'
import { InvalidMessageError } from '../errors.ts'
import { MAX_CID_BYTES } from '../options.ts'
import { DAG_PB, IDENTITY, SHA2_256 } from './cid-prefix.ts'

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
    if (isPlainV0(bytes)) return view(0, DAG_PB, SHA2_256, 0, own(bytes))
    const [, codec = IDENTITY, hashCode = IDENTITY] = bytes
    if (isPlainV1(bytes)) return hashCode === IDENTITY ? undefined : view(1, codec, hashCode, 2, own(bytes))
    return anyCid(own(bytes))
  }
}

const NO_BYTES = new Uint8Array(0)

/** sha2-256 of 32 bytes, as every version 0 CID. */
const isPlainV0 = (bytes: Uint8Array): boolean =>
  bytes.byteLength === 34 && bytes[0] === SHA2_256 && bytes[1] === 32

/** Version 1 with varints of one byte each, as nearly every CID. */
const isPlainV1 = ({ 0: version, 1: codec = 0x80, 2: hashCode = 0x80, 3: digestLength = 0x80, byteLength }: Uint8Array): boolean =>
  version === 1 && codec < 0x80 && hashCode < 0x80 && digestLength < 0x80 && digestLength === byteLength - 4

/** What `CID.decode` makes, in a quarter of its time. */
const view = (version: 0 | 1, codec: number, hashCode: number, prefixLength: number, bytes: Uint8Array): CID => {
  const multihash = prefixLength === 0 ? bytes : bytes.subarray(prefixLength)
  const digest = multihash.subarray(2)
  return new CID(version, codec, new Digest(hashCode, digest.byteLength, digest, multihash), bytes)
}

const anyCid = (bytes: Uint8Array): CID | undefined => {
  const cid = parse(bytes)
  if (cid.version === 0) throw new InvalidMessageError(`A version 0 CID has a digest of ${cid.multihash.size} bytes instead of 32`)
  return cid.multihash.code === IDENTITY ? undefined : cid
}

const parse = (bytes: Uint8Array): CID => {
  try {
    return CID.decode(bytes)
  } catch (cause) {
    throw new InvalidMessageError(`${bytes.byteLength} bytes are not a CID`, { cause })
  }
}
