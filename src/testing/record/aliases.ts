import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import { IDENTITY } from '../../message/cid-prefix.ts'
import { multihashKey } from '../../message/keys.ts'
import type { MultihashKey } from '../../message/keys.ts'
import { MAX_CID_BYTES } from '../../options.ts'
import type { CidDeclaration, CidForm, PeerDeclaration } from '../marble/document.ts'
import { PLAIN_BLOCK_BYTES } from '../marble/read-declarations.ts'

/** Short names for peers and CIDs, by first sight, and what is known of what they stand for. */
export interface Aliases {
  peer(peer: { toString(): string }): string
  cid(cid: CID): string
  /** The peer was up when the recording began, or came up later. */
  met(peer: PeerId, how: { readonly supportsHave: boolean, readonly connected: boolean }): string
  /** How large the block is. */
  sized(cid: CID, byteLength: number): void
  /** The block is in the node's store from now on, because of something that is recorded. */
  arrived(cid: CID): void
  /** The block is found in the node's store: if nothing recorded put it there, it always was. */
  found(cid: CID): void
  readonly peers: readonly PeerDeclaration[]
  readonly cids: readonly CidDeclaration[]
}

interface KnownCid {
  readonly name: string
  readonly form: CidForm
  readonly sameAs: string | undefined
  byteLength: number
  isHere: boolean
  stored: boolean
}

export const aliases = (): Aliases => {
  const peers = new Map<string, PeerDeclaration>()
  const cids = new Map<string, KnownCid>()
  const blocks = new Map<MultihashKey, KnownCid>()

  const met: Aliases['met'] = (peer, { supportsHave, connected }) => {
    const text = peer.toString()
    const known = peers.get(text)
    const name = known?.name ?? peerName(peers.size)
    const version = supportsHave ? '1.2' : '1.1'
    peers.set(text, { name, version, connected: known?.connected ?? connected })
    return name
  }
  const known = (cid: CID): KnownCid => {
    const text = cid.toString()
    const before = cids.get(text)
    if (before !== undefined) return before
    const same = blocks.get(multihashKey(cid))
    const made: KnownCid = {
      name: `x${cids.size + 1}`,
      form: formOf(cid),
      sameAs: same?.name,
      byteLength: PLAIN_BLOCK_BYTES,
      isHere: false,
      stored: false,
    }
    cids.set(text, made)
    if (same === undefined) blocks.set(multihashKey(cid), made)
    return made
  }
  /** All that is known of a block is known of the first CID of it. */
  const block = (cid: CID): KnownCid => {
    const { name } = known(cid)
    const first = blocks.get(multihashKey(cid))
    if (first === undefined) throw new Error(`${name} has no block`)
    return first
  }
  return {
    peer: (peer) => peers.get(peer.toString())?.name ?? met(peer as PeerId, STRANGER),
    cid: (cid) => known(cid).name,
    met,
    sized: (cid, byteLength) => { block(cid).byteLength = byteLength },
    arrived: (cid) => { block(cid).isHere = true },
    found (cid) {
      const first = block(cid)
      first.stored ||= !first.isHere
      first.isHere = true
    },
    get peers () { return [...peers.values()] },
    get cids () { return Array.from(cids.values(), declaration) },
  }
}

/** A peer that speaks before it is up. */
const STRANGER = { supportsHave: true, connected: false }

/** A to Z, then P27 and so on. */
const peerName = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : `P${index + 1}`

/** A hash function that the simulation does not know is as good as SHA2-256 there. */
const formOf = ({ version, multihash, byteLength }: CID): CidForm => {
  if (version === 0) return 'v0'
  if (multihash.code === IDENTITY) return 'identity'
  return byteLength > MAX_CID_BYTES ? 'huge' : 'plain'
}

const declaration = ({ name, form, sameAs, byteLength, stored }: KnownCid): CidDeclaration => ({
  name,
  form,
  content: sameAs === undefined ? { type: 'seeded', byteLength } : { type: 'same', cid: sameAs },
  stored,
})
