import { peerIdFromMultihash } from '@libp2p/peer-id'
import type { PeerId } from '@libp2p/interface'
import { identity } from 'multiformats/hashes/identity'
import { seededBytes } from './seeded-random.ts'

/** A protobuf `PublicKey` of type Ed25519 with 32 bytes of data, up to the data. */
const ED25519_KEY_HEADER = [0x08, 0x01, 0x12, 0x20]

/**
 * The peer id that stands for `name`: the same one each time, in the form of an Ed25519 key nobody
 * holds. It parses, prints and compares like any other; nothing can be signed with it.
 */
export const simulatedPeerId = (name: string): PeerId =>
  peerIdFromMultihash(identity.digest(
    Uint8Array.from([...ED25519_KEY_HEADER, ...seededBytes(`peer ${name}`, 32)]),
  ))
