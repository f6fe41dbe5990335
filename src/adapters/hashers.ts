import type { MultihashHasher } from 'multiformats/hashes/interface'
import { from } from 'rxjs'
import { text } from '../message/keys.ts'
import type { Hasher, Hashers } from '../ports.ts'

const IDENTITY = 0x00

/** The hash functions of nearly every block: multicodec code, Node's name, WebCrypto's name. */
const STANDARD = [
  [0x11, 'sha1', 'SHA-1'],
  [0x12, 'sha256', 'SHA-256'],
  [0x13, 'sha512', 'SHA-512'],
] as const

/**
 * SHA-1, SHA2-256 and SHA2-512, and whatever else `more` brings (a hasher of the same code
 * replaces ours). They answer at once in Node, Deno and Bun, later where there is only WebCrypto,
 * as in browsers. The identity is never a hash function here: a block whose digest is its content
 * proves nothing.
 */
export const hashers = (more: Iterable<MultihashHasher> = []): Hashers => {
  const byCode = new Map<number, Hasher>(
    STANDARD.map(([code, nodeName, webName]) => [code, standard(nodeName, webName)]),
  )
  for (const hasher of more) {
    byCode.set(hasher.code, (bytes) => textOrLater(hasher.encode(bytes)))
  }
  byCode.delete(IDENTITY)
  return (code) => byCode.get(code)
}

// Asked for at run time: an import of `node:crypto` would keep the package out of browsers.
const runtime: { readonly process?: Partial<NodeJS.Process> } = globalThis
const nodeHash = runtime.process?.getBuiltinModule?.('node:crypto').hash

// 'binary' is one character per byte, and cheaper than a Buffer for the digest.
const standard = (nodeName: string, webName: string): Hasher =>
  nodeHash === undefined
    ? (bytes) => textOrLater(crypto.subtle.digest(webName, bytes as Uint8Array<ArrayBuffer>))
    : (bytes) => nodeHash(nodeName, bytes, 'binary')

const textOrLater = (
  digest: Uint8Array | Promise<ArrayBuffer | Uint8Array>,
): ReturnType<Hasher> =>
  digest instanceof Uint8Array
    ? text(digest)
    : from(digest.then((bytes) => text(new Uint8Array(bytes))))
