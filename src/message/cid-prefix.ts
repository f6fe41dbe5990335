import type { CID } from 'multiformats/cid'
import { InvalidMessageError } from '../errors.ts'
import { Reader } from './reader.ts'

/** What a block says of its CID on the wire: all but the digest. Spec 1.1, `Block.prefix`. */
export interface CidPrefix {
  readonly version: 0 | 1
  readonly codec: number
  readonly hashCode: number
  /** Bytes of the digest; -1 for the identity, whose digest is as long as the data. */
  readonly digestLength: number
}

/** Multicodec codes that the wire format itself names. */
export const IDENTITY = 0x00
export const SHA2_256 = 0x12
export const DAG_PB = 0x70

/** The prefix of every version 0 CID, and of every block that 1.0 carries. */
export const CID_V0_PREFIX: CidPrefix = {
  version: 0, codec: DAG_PB, hashCode: SHA2_256, digestLength: 32,
}

export const prefixOf = ({ version, code, multihash }: CID): CidPrefix => ({
  version, codec: code, hashCode: multihash.code, digestLength: multihash.size,
})

/** Whether 1.0 can carry the block: a receiver there makes a version 0 CID of whatever comes. */
export const isCidV0Block = ({ code, multihash }: CID): boolean =>
  code === DAG_PB && multihash.code === SHA2_256 && multihash.size === 32

/** Bytes of the encoded prefix of a CID. */
export const prefixBytes = (cid: CID): number =>
  cid.version === 0 ? 4 : cid.bytes.byteLength - cid.multihash.size

/** What begins with the encoded prefix: the CID itself, but for version 0. */
export const prefixSource = ({ version, bytes }: CID): Uint8Array =>
  version === 0 ? V0_BYTES : bytes

/** The prefix of a CID as four varints. */
export const encodePrefix = (cid: CID): Uint8Array =>
  prefixSource(cid).subarray(0, prefixBytes(cid))

/**
 * Throws `InvalidMessageError` for what no CID begins with, `RangeError` for what are no varints.
 */
export const decodePrefix = (bytes: Uint8Array): CidPrefix => readPrefix(new Reader(bytes))

/** The same of what the reader reads next. */
export const readPrefix = (r: Reader): CidPrefix =>
  checked(r.uint32(), r.uint32(), r.uint32(), r.uint32())

const checked = (
  version: number,
  codec: number,
  hashCode: number,
  digestLength: number,
): CidPrefix => {
  if (version === 1) {
    return { version, codec, hashCode, digestLength: hashCode === IDENTITY ? -1 : digestLength }
  }
  // boxo ignores the codec of a version 0 prefix, for there is only one.
  if (version === 0 && hashCode === SHA2_256 && digestLength === 32) return CID_V0_PREFIX
  throw new InvalidMessageError(
    `No CID of version ${version} has hash 0x${hashCode.toString(16)} of ${digestLength} bytes`,
  )
}

const V0_BYTES = Uint8Array.of(0, DAG_PB, SHA2_256, 32)
