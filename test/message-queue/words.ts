/**
 * Deltas and messages in words: `w.x` want-block, `h.x` want-have, `c.x` cancel, `B.x` block,
 * `H.x` HAVE, `D.x` DONT_HAVE of block x; `'` asks for a DONT_HAVE, `^3` is a priority.
 */
import { peerIdFromString } from '@libp2p/peer-id'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import type { Delta } from '../../src/message/delta.ts'
import type { OutgoingMessage, WantEntry, WantlistEntry } from '../../src/message/message.ts'

export const alice = peerIdFromString('12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5')
export const bob = peerIdFromString('12D3KooWJwFRn8QVVfQnWRVuVwFjzAcqmSYNjP7ZkUXnTnFDmRbF')

const RAW = 0x55
const SHA2_256 = 0x12

/** The CID of a block by its name. */
export const cidOf = (name: string): CID => {
  const digest = new Uint8Array(32)
  new TextEncoder().encodeInto(name, digest)
  return CID.createV1(RAW, Digest.create(SHA2_256, digest))
}

const nameOf = (cid: CID): string =>
  new TextDecoder().decode(cid.multihash.digest).replaceAll('\0', '')

const bytesOf = (name: string): Uint8Array => new TextEncoder().encode(name)

const WORD = /^(?<verb>[whcBHD])\.(?<name>\w+)(?<asks>'?)(?:\^(?<priority>\d+))?$/

/** `delta('w.x c.y')` for alice. */
export const delta = (text: string, more: Partial<Delta> = {}): Delta => {
  const words = text.split(' ').filter((word) => word !== '').map((word) => {
    const { verb = '', name = '', asks, priority = '0' } = WORD.exec(word)?.groups ?? {}
    if (name === '') throw new Error(`No word of a delta: ${word}`)
    return { verb, name, cid: cidOf(name), priority: Number(priority), sendDontHave: asks !== '' }
  })
  const withVerb = (verbs: string) => words.filter(({ verb }) => verbs.includes(verb))
  return {
    type: 'delta',
    peer: alice,
    entries: withVerb('whc').map(entryOf),
    blocks: withVerb('B').map(({ cid, name }) => ({ cid, bytes: bytesOf(name) })),
    presences: withVerb('HD')
      .map(({ verb, cid }) => ({ type: verb === 'H' ? 'have' : 'dont-have', cid })),
    ...more,
  }
}

interface EntryWord extends Omit<WantEntry, 'type'> {
  readonly verb: string
}

const entryOf = ({ verb, cid, priority, sendDontHave }: EntryWord): WantlistEntry => verb === 'c'
  ? { type: 'cancel', cid }
  : { type: verb === 'w' ? 'want-block' : 'want-have', cid, priority, sendDontHave }

/** A message in words, in its order: entries, blocks, presences. Without priorities. */
export const wordsOf = ({ wantlist, blocks, presences }: OutgoingMessage): string => [
  ...wantlist.entries.map(entryWord),
  ...blocks.map(({ cid }) => `B.${nameOf(cid)}`),
  ...presences.map(({ type, cid }) => `${type === 'have' ? 'H' : 'D'}.${nameOf(cid)}`),
].join(' ')

const entryWord = (entry: WantlistEntry): string => {
  const name = nameOf(entry.cid)
  if (entry.type === 'cancel') return `c.${name}`
  return `${entry.type === 'want-block' ? 'w' : 'h'}.${name}${entry.sendDontHave ? '\'' : ''}`
}
