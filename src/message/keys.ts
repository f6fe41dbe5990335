import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

declare const key: unique symbol

/** A block's identity: its multihash, one character per byte. CIDs that share it share a block. */
export type MultihashKey = string & { readonly [key]: 'multihash' }

/** A CID's identity: tells apart the CIDs that share a multihash. */
export type CidKey = string & { readonly [key]: 'cid' }

/** A peer's identity: the text form of its peer id. */
export type PeerKey = string & { readonly [key]: 'peer' }

/** The key of a block in every map of this library. Whatever the CID's version and codec. */
export const multihashKey = ({ multihash: { bytes } }: CID): MultihashKey =>
  (bytes.byteLength === 34 ? text34(bytes) : text(bytes)) as MultihashKey

/** The same, from the code of the hash function and the text of what it gave. */
export const keyOfDigest = (hashCode: number, digest: string): MultihashKey =>
  varint(hashCode) + varint(digest.length) + digest as MultihashKey

export const cidKey = (cid: CID): CidKey =>
  varint(cid.version) + varint(cid.code) + multihashKey(cid) as CidKey

/** One character per byte. Not by `apply`: an identity CID may hold more than fits on the stack. */
export const text = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')

const varint = (value: number): string =>
  value < 0x80
    ? String.fromCharCode(value)
    : String.fromCharCode(value % 0x80 + 0x80) + varint(Math.floor(value / 0x80))

/** Nearly every multihash is 34 bytes long: spelt out, it takes a tenth of the time. */
const text34 = (b: Uint8Array): string => String.fromCharCode(
  b[0]!, b[1]!, b[2]!, b[3]!, b[4]!, b[5]!, b[6]!, b[7]!, b[8]!, b[9]!, b[10]!, b[11]!,
  b[12]!, b[13]!, b[14]!, b[15]!, b[16]!, b[17]!, b[18]!, b[19]!, b[20]!, b[21]!, b[22]!, b[23]!,
  b[24]!, b[25]!, b[26]!, b[27]!, b[28]!, b[29]!, b[30]!, b[31]!, b[32]!, b[33]!,
)

export const peerKey = (peer: PeerId): PeerKey => peer.toString() as PeerKey
