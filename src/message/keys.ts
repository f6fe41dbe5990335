import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

declare const key: unique symbol

/** A block's identity: its multihash bytes, one character each. CIDs that share it share the block. */
export type MultihashKey = string & { readonly [key]: 'multihash' }

/** A peer's identity: the text form of its peer id. */
export type PeerKey = string & { readonly [key]: 'peer' }

/** The key of a block in every map of this library. Whatever the CID's version and codec. */
export const multihashKey = (cid: CID): MultihashKey => keyOfMultihash(cid.multihash.bytes)

/** The same, from the bytes of a multihash. */
export const keyOfMultihash = (multihash: Uint8Array): MultihashKey =>
  String.fromCharCode.apply(null, multihash as unknown as number[]) as MultihashKey

export const peerKey = (peer: PeerId): PeerKey => peer.toString() as PeerKey
