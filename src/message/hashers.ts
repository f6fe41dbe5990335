import type { Observable } from 'rxjs'

/** One hash function, that gives the bare digest: synchronous where it can be. */
export type Hasher = (bytes: Uint8Array) => Uint8Array | Observable<Uint8Array>

/** Hash functions by multicodec code; `undefined` for one that is not known. Never the identity. */
export type Hashers = (code: number) => Hasher | undefined
