import type { PeerId } from '@libp2p/interface'
import { sha256 } from '@noble/hashes/sha2.js'
import { CID } from 'multiformats/cid'
import { create as digestOf } from 'multiformats/hashes/digest'
import { identity } from 'multiformats/hashes/identity'
import { SHA2_256 } from '../../message/cid-prefix.ts'
import { peerKey } from '../../message/keys.ts'
import type { Block } from '../../message/message.ts'
import type { CidDeclaration, MarbleDocument, PeerDeclaration } from '../marble/document.ts'
import { seededBytes } from '../seeded-random.ts'
import { simulatedPeerId } from '../simulated-peer-id.ts'

/** Who and what the names of a document stand for. */
export interface Cast {
  peer(name: string): PeerId
  block(name: string): Block
  /** The prefix of a block around bytes that are not it. */
  corrupt(name: string): Block
  declaration(peer: string): PeerDeclaration
  nameOfPeer(peer: { toString(): string }): string
  nameOfCid(cid: CID): string
}

const RAW = 0x55
const DAG_CBOR = 0x71
/** In the range for private use: nobody knows it. */
const UNKNOWN_HASH = 0x300000

export const castOf = ({ peers, cids }: Pick<MarbleDocument, 'peers' | 'cids'>): Cast => {
  const peerIds = new Map(peers.map(({ name }) => [name, simulatedPeerId(name)]))
  const peerNames = new Map(Array.from(peerIds, ([name, peer]) => [peerKey(peer) as string, name]))
  const declarations = new Map(cids.map((declaration) => [declaration.name, declaration]))
  const blocks = new Map<string, Block>()

  const block = (name: string): Block => {
    const known = blocks.get(name)
    if (known !== undefined) return known
    const made = blockOf(found(declarations, name, 'cid'), block)
    blocks.set(name, made)
    return made
  }
  const cidNames = new Map(cids.map(({ name }) => [block(name).cid.toString(), name]))

  return {
    peer: (name) => found(peerIds, name, 'peer'),
    block,
    corrupt: (name) => ({ cid: block(name).cid, bytes: corrupted(block(name).bytes) }),
    declaration: (name) => found(new Map(peers.map((peer) => [peer.name, peer])), name, 'peer'),
    nameOfPeer: (peer) => peerNames.get(peer.toString()) ?? peer.toString(),
    nameOfCid: (cid) => cidNames.get(cid.toString()) ?? cid.toString(),
  }
}

const found = <T>(all: ReadonlyMap<string, T>, name: string, kind: string): T => {
  const value = all.get(name)
  if (value === undefined) throw new Error(`No ${kind} is called ${name}`)
  return value
}

const blockOf = (
  { name, form, content }: CidDeclaration,
  other: (name: string) => Block,
): Block => {
  switch (content.type) {
    case 'same': {
      const { cid, bytes } = other(content.cid)
      return { cid: CID.createV1(cid.code === DAG_CBOR ? RAW : DAG_CBOR, cid.multihash), bytes }
    }
    case 'forges': {
      const { digest } = other(content.cid).cid.multihash
      return { cid: CID.createV1(RAW, identity.digest(digest)), bytes: digest }
    }
    case 'seeded': {
      const bytes = seededBytes(`block ${name}`, content.byteLength)
      return { cid: cidOf(form, bytes), bytes }
    }
    case 'text': {
      const bytes = new TextEncoder().encode(content.text)
      return { cid: cidOf(form, bytes), bytes }
    }
    default: return content satisfies never
  }
}

const cidOf = (form: CidDeclaration['form'], bytes: Uint8Array): CID => {
  switch (form) {
    case 'plain': return CID.createV1(RAW, digestOf(SHA2_256, sha256(bytes)))
    case 'v0': return CID.createV0(digestOf(SHA2_256, sha256(bytes)))
    case 'identity': return CID.createV1(RAW, identity.digest(bytes))
    case 'huge': return CID.createV1(RAW, digestOf(SHA2_256, hugeDigest(bytes)))
    case 'unknown': return CID.createV1(RAW, digestOf(UNKNOWN_HASH, sha256(bytes)))
    default: return form satisfies never
  }
}

/** With it, a CID is longer than the 168 bytes of `MAX_CID_BYTES`. */
const hugeDigest = (bytes: Uint8Array): Uint8Array => {
  const digest = new Uint8Array(200)
  digest.set(sha256(bytes))
  return digest
}

const corrupted = (bytes: Uint8Array): Uint8Array => {
  const corrupt = bytes.length === 0 ? new Uint8Array(1) : bytes.slice()
  corrupt[0] = (corrupt[0] ?? 0) ^ 0xff
  return corrupt
}
