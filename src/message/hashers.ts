import type { Observable } from 'rxjs'

/**
 * One hash function. Gives the bare digest, one character per byte, as the keys of blocks have it:
 * at once where it can, else as an Observable of one value.
 */
export type Hasher = (bytes: Uint8Array) => string | Observable<string>

/** Hash functions by multicodec code; `undefined` for one that is not known. Never the identity. */
export type Hashers = (code: number) => Hasher | undefined
