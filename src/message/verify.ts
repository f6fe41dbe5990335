import { isObservable, map, type Observable } from 'rxjs'
import { type CidPrefix, IDENTITY } from './cid-prefix.ts'
import type { Hashers } from './hashers.ts'
import { keyOfDigest, type MultihashKey } from './keys.ts'
import type { UnverifiedBlock } from './message.ts'

/** Shorter digests prove too little. boxo `verifcid`. */
export const MIN_DIGEST_BYTES = 20

/**
 * Hashes a block and so finds out which block it is: since no digest travels, a corrupt block is
 * not wrong, it is one that nobody wants. Synchronous where the hash function is; otherwise an
 * Observable, as cold as the hash function's, of one value, with the hash function's error. It is
 * none, `undefined`, if its digest were longer than the hash function gives. Nothing is hashed for
 * an unknown hash function, for the identity, and for digests under 20 bytes.
 */
export const verify = (
  { prefix, bytes }: UnverifiedBlock,
  hashers: Hashers,
): MultihashKey | undefined | Observable<MultihashKey | undefined> => {
  const { hashCode, digestLength } = prefix
  if (hashCode === IDENTITY || digestLength < MIN_DIGEST_BYTES) return undefined
  const digest = hashers(hashCode)?.(bytes)
  return isObservable(digest)
    ? digest.pipe(map((text) => keyOf(prefix, text)))
    : keyOf(prefix, digest)
}

/** A prefix may ask for the start of a digest, never for more than there is. */
const keyOf = (
  { hashCode, digestLength }: CidPrefix,
  digest = '',
): MultihashKey | undefined =>
  digest.length < digestLength ? undefined : keyOfDigest(hashCode, digest.slice(0, digestLength))
