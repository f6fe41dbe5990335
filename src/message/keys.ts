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
export const multihashKey = (cid: CID): MultihashKey => keyOfMultihash(cid.multihash.bytes)

/** The same, from the bytes of a multihash. */
export const keyOfMultihash = (multihash: Uint8Array): MultihashKey =>
  (multihash.byteLength === 34 ? text34(multihash) : text(multihash)) as MultihashKey

const text = (bytes: Uint8Array): string =>
  String.fromCharCode.apply(null, bytes as unknown as number[])

/** Nearly every multihash is 34 bytes long: spelt out, it takes a third of the time of `apply`. */
const text34 = (b: Uint8Array): string => String.fromCharCode(
  b[0]!, b[1]!, b[2]!, b[3]!, b[4]!, b[5]!, b[6]!, b[7]!, b[8]!, b[9]!, b[10]!, b[11]!,
  b[12]!, b[13]!, b[14]!, b[15]!, b[16]!, b[17]!, b[18]!, b[19]!, b[20]!, b[21]!, b[22]!,
  b[23]!, b[24]!, b[25]!, b[26]!, b[27]!, b[28]!, b[29]!, b[30]!, b[31]!, b[32]!, b[33]!,
)

/** Unambiguous, for a multihash states its own length. */
export const cidKey = (cid: CID): CidKey =>
  (cid.version === 0 ? multihashKey(cid) : `${multihashKey(cid)}${cid.code}`) as CidKey

export const peerKey = (peer: PeerId): PeerKey => peer.toString() as PeerKey
