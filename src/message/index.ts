/**
 * The Bitswap message on the wire: encode, decode, frame, split, merge and verify. Of use to
 * whoever speaks the protocol without a node, such as a tracer or a test peer.
 *
 * @module rx-bitswap/message
 */
export { type CidPrefix, decodePrefix, encodePrefix, prefixOf } from './cid-prefix.ts'
export { decodeMessage } from './decode.ts'
export { encodeFrame, encodeMessage } from './encode.ts'
export { frame, type FrameDecoder, frameDecoder, type FrameDecoderInit } from './frame.ts'
export { type MultihashKey, multihashKey, type PeerKey, peerKey } from './keys.ts'
export { MAX_ELEMENTS } from './limits.ts'
export { mergeEntries, mergeMessage, mergePresences } from './merge.ts'
export type * from './message.ts'
export {
  BITSWAP_PROTOCOLS, LATEST_PROTOCOL, type ProtocolVersion, supportsHave,
} from './protocols.ts'
export { blockBytes, entryBytes, messageBytes, presenceBytes } from './size.ts'
export { split } from './split.ts'
export { verify } from './verify.ts'
