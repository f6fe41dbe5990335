import { filter, isObservable, map, type Observable } from 'rxjs'
import { IDENTITY } from './cid-prefix.ts'
import type { Hashers } from './hashers.ts'
import { keyOfDigest, type MultihashKey } from './keys.ts'
import type { UnverifiedBlock } from './message.ts'

export interface VerifiedBlock {
  readonly key: MultihashKey
  readonly bytes: Uint8Array
}

/** Shorter digests prove too little. boxo `verifcid`. */
export const MIN_DIGEST_BYTES = 20

/**
 * Hashes a block and so finds out which block it is: since no digest travels, a corrupt block is
 * not wrong, it is one that nobody wants. Synchronous where the hash function is; otherwise an
 * Observable, as cold as the hash function's, of at most one block, with the hash function's error.
 * Nothing is hashed, and `undefined` returned, for an unknown hash function, for the identity, and
 * for digests under 20 bytes. `bytes` stay the view that they were.
 */
export const verify = (
  block: UnverifiedBlock,
  hashers: Hashers,
): VerifiedBlock | Observable<VerifiedBlock> | undefined => {
  const { hashCode, digestLength } = block.prefix
  if (hashCode === IDENTITY || digestLength < MIN_DIGEST_BYTES) return undefined
  const hash = hashers(hashCode)
  if (hash === undefined) return undefined
  const digest = hash(block.bytes)
  return isObservable(digest)
    ? digest.pipe(
      map((text) => named(block, text)),
      filter((verified) => verified !== undefined),
    )
    : named(block, digest)
}

/** A prefix may ask for the start of a digest, never for more than there is. */
const named = (
  { prefix: { hashCode, digestLength }, bytes }: UnverifiedBlock,
  digest: string,
): VerifiedBlock | undefined =>
  digest.length < digestLength
    ? undefined
    : { key: keyOfDigest(hashCode, digest.slice(0, digestLength)), bytes }
