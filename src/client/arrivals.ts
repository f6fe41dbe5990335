import { Subscription } from 'rxjs'
import type { MultihashKey } from '../message/keys.ts'
import type { UnverifiedBlock } from '../message/message.ts'
import { verify } from '../message/verify.ts'
import { nowOrLater, type Settle } from '../operators/now-or-later.ts'
import type { Hashers } from '../ports.ts'
import { countBy } from '../wantlist/count-by.ts'
import type { Request } from './contract.ts'
import type { Outbox } from './outbox.ts'
import type { PeerWants, Want } from './want.ts'

/**
 * From the bytes a peer sent to a block we know: what nobody can want is not hashed, what nobody
 * wants is not kept.
 */
export interface Arrivals<R extends Request> {
  receive(peer: PeerWants<R>, blocks: readonly UnverifiedBlock[]): void
  /** One more, or one less, want is open for this kind of multihash: worth hashing, or not. */
  expect(want: Want<R>, change: 1 | -1): void
  stop(): void
}

export interface ArrivalsDeps<R extends Request> {
  readonly hashers: Hashers
  readonly outbox: Outbox<R>
  /** A verified block, as a view on its message. False if nobody wants it. */
  readonly arrived: (peer: PeerWants<R>, key: MultihashKey, bytes: Uint8Array) => boolean
  /** Runs what comes later than the message that caused it. */
  readonly enter: (task: () => void) => void
}

/**
 * Nothing more is hashed for a peer that sent this many bytes nobody wanted, unless something is
 * asked of it.
 */
const MAX_UNWANTED_BYTES = 4 * 1024 * 1024

export const arrivals = <R extends Request>(deps: ArrivalsDeps<R>): Arrivals<R> => {
  const expected = new Map<number, number>()
  const hashing = new Subscription()

  const refuse = (peer: PeerWants<R>, byteLength: number): void => {
    peer.unwantedBytes += byteLength
    deps.outbox.say({ type: 'unwanted-block', from: peer.peer, byteLength })
  }

  const hash = (block: UnverifiedBlock) => verify(block, deps.hashers)

  const hashed = (peer: PeerWants<R>): Settle<UnverifiedBlock, MultihashKey | undefined> =>
    ({ bytes }, _isLate, key) => {
      if (key === undefined || !deps.arrived(peer, key, bytes)) refuse(peer, bytes.byteLength)
    }

  const isExpected = (peer: PeerWants<R>, { prefix }: UnverifiedBlock): boolean =>
    expected.has(hashKind(prefix.hashCode, prefix.digestLength))
    && (peer.asks.size > 0 || peer.unwantedBytes < MAX_UNWANTED_BYTES)

  return {
    receive: (peer, blocks) => {
      const settle = hashed(peer)
      for (const block of blocks) {
        if (isExpected(peer, block)) hashing.add(nowOrLater(block, hash, settle, deps.enter))
        else refuse(peer, block.bytes.byteLength)
      }
    },
    expect: ({ cid: { multihash: { code, size } } }, change) => {
      countBy(expected, hashKind(code, size), change)
    },
    stop: () => {
      hashing.unsubscribe()
    },
  }
}

/** Digests are at most 128 bytes long. */
const hashKind = (code: number, digestLength: number): number => code * 256 + digestLength
