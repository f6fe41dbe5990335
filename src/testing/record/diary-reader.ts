import { isObservable } from 'rxjs'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import type { BitswapEvent } from '../../events.ts'
import type { PeerState } from '../../exchange.ts'
import type { MultihashKey } from '../../message/keys.ts'
import type { ReceivedMessage, UnverifiedBlock } from '../../message/message.ts'
import { verify } from '../../message/verify.ts'
import type { Hashers, SendOutcome } from '../../ports.ts'
import type { Entry, MessageItem } from '../marble/items.ts'
import type { LaneName } from '../marble/lanes.ts'
import { entryOf, itemOf } from '../runner/message-items.ts'
import type { Aliases } from './aliases.ts'
import type { Score } from './score.ts'
import type { Subscribers } from './subscribers.ts'

export interface DiaryReaderDeps {
  readonly names: Aliases
  readonly played: Score
  readonly audience: Subscribers
  readonly hashers: Hashers
}

/** Puts each entry of the diary where it belongs in the score. */
export interface DiaryReader {
  /** The peers that are up when the recording begins. */
  begin(peers: Iterable<PeerState>): void
  readonly read: (event: BitswapEvent) => void
}

export const diaryReader = (deps: DiaryReaderDeps): DiaryReader => {
  const { names, played, audience } = deps
  const links = linkReader(deps)
  return {
    begin: links.begin,
    read (event) {
      const { at, type } = event
      switch (type) {
        case 'peer-up': return links.up(event)
        case 'peer-down': return links.down(event)
        case 'message':
          if (!links.isUp(event)) return
          return played.driven(at, inOf(deps, event), heardItem(deps, event.message))
        case 'peer-fault':
          if (!links.isUp(event)) return
          return played.driven(at, inOf(deps, event), { type: 'fault' })
        case 'sent':
        case 'send-failed': return readOutcome(deps, event, links.isUp(event))
        case 'block': return names.arrived(event.cid)
        case 'notify':
          names.arrived(event.cid)
          played.driven(at, { kind: 'store' }, { type: 'put', cid: names.cid(event.cid) })
          return audience.take(at, event)
        case 'delivered':
          if (event.from === undefined) names.found(event.cid)
          names.sized(event.cid, event.byteLength)
          return audience.take(at, event)
        case 'subscribed':
        case 'unsubscribed':
        case 'gave-up': return audience.take(at, event)
        default:
      }
    },
  }
}

/** Who is up: what comes of a peer that has gone, a replay cannot play. */
const linkReader = (deps: DiaryReaderDeps) => {
  const { names, played } = deps
  const present = new Set<string>()
  return {
    isUp: ({ peer }: OfPeer): boolean => present.has(names.peer(peer)),
    begin (peers: Iterable<PeerState>) {
      for (const { peer, supportsHave } of peers) {
        const name = names.met(peer, { supportsHave, connected: true })
        present.add(name)
        played.done({ kind: 'link', peer: name }, BUSY)
      }
    },
    up ({ at, peer, supportsHave }: BitswapEvent & { readonly type: 'peer-up' }) {
      const name = names.met(peer, { supportsHave, connected: false })
      const version = supportsHave ? '1.2' : '1.1'
      present.add(name)
      played.driven(at, { kind: 'link', peer: name }, BUSY, { type: 'up', version })
    },
    down ({ at, peer }: BitswapEvent & { readonly type: 'peer-down' }) {
      present.delete(names.peer(peer))
      played.driven(at, linkOf(deps, { peer }), { type: 'down' })
    },
  }
}

/** A write takes as long as it took: each is held until the diary tells its outcome. */
const BUSY = { type: 'busy' } as const
const DRAINED = { type: 'drained' } as const
const WRITE_FAILED = { type: 'write-failed' } as const

type OfPeer = Pick<SendOutcome, 'peer'>

const linkOf = ({ names }: DiaryReaderDeps, { peer }: OfPeer): LaneName =>
  ({ kind: 'link', peer: names.peer(peer) })

const inOf = ({ names }: DiaryReaderDeps, { peer }: OfPeer): LaneName =>
  ({ kind: 'in', peer: names.peer(peer) })

const readOutcome = (
  deps: DiaryReaderDeps,
  { at, type, peer, message }: SendOutcome & { readonly at: number },
  isUp: boolean,
): void => {
  const { names, played } = deps
  for (const { cid, bytes } of message.blocks) {
    names.sized(cid, bytes.byteLength)
    names.found(cid)
  }
  for (const presence of message.presences) if (presence.type === 'have') names.found(presence.cid)
  // A write that ends at once ends after it began, all the same.
  const outcome = type === 'sent' ? [DRAINED, BUSY] : [WRITE_FAILED]
  played.drivenNext(at, linkOf(deps, { peer }), ...isUp ? outcome : [])
  played.done({ kind: 'out', peer: names.peer(peer) }, saidItem(deps, message))
}

/** Without priorities and pending bytes, which depend on what came before the recording. */
const saidItem = ({ names }: DiaryReaderDeps, message: SendOutcome['message']): MessageItem => {
  const { type, full, entries } = itemOf(names.cid, message)
  return { type, full, entries: entries.map(withoutPriority) }
}

const withoutPriority = (entry: Entry): Entry => {
  if (entry.type !== 'want-block' && entry.type !== 'want-have') return entry
  const { type, cid, sendDontHave } = entry
  return { type, cid, sendDontHave }
}

const heardItem = (deps: DiaryReaderDeps, message: ReceivedMessage): MessageItem => {
  const { wantlist: { entries, full }, blocks, presences, pendingBytes } = message
  const { names } = deps
  return {
    type: 'message',
    full,
    entries: [
      ...entries.map((entry) => entryOf(names.cid, entry)),
      ...blocks.flatMap((block) => blockEntry(deps, block)),
      ...presences.map(({ type, cid }) => ({ type, cid: names.cid(cid) })),
    ],
    ...(pendingBytes > 0 && { pendingBytes }),
  }
}

/** A block of a hash function that is not known here is nothing that the node could have used. */
const blockEntry = (deps: DiaryReaderDeps, block: UnverifiedBlock): readonly Entry[] => {
  const cid = cidOf(deps, block)
  if (cid === undefined) return []
  deps.names.sized(cid, block.bytes.byteLength)
  return [{ type: 'block', cid: deps.names.cid(cid), corrupt: false }]
}

const cidFrom = ({ prefix: { version, codec } }: UnverifiedBlock, key: MultihashKey): CID =>
  CID.create(version, codec, Digest.decode(Uint8Array.from(key, (char) => char.charCodeAt(0))))

const cidOf = ({ hashers }: DiaryReaderDeps, block: UnverifiedBlock): CID | undefined => {
  const key = verify(block, hashers)
  if (!isObservable(key)) return key && cidFrom(block, key)
  throw new Error('recordMarbles needs hash functions that are synchronous: pass some as `hashers`')
}
