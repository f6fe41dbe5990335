import { createHash, randomFillSync } from 'node:crypto'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { create } from 'multiformats/hashes/digest'
import { sha256 } from 'multiformats/hashes/sha2'

const CHUNK_BYTES = 1024 * 1024

export interface NumberedBlock {
  readonly cid: CID
  readonly bytes: Uint8Array
}

/** Random blocks that begin with their number, so that a block tells which want it answers. */
export const numberedBlocks = (count: number, byteLength: number): NumberedBlock[] =>
  Array.from({ length: count }, (_, index) => {
    const bytes = randomFillSync(new Uint8Array(byteLength))
    new DataView(bytes.buffer).setUint32(0, index)
    return { cid: rawCid(bytes), bytes }
  })

/** `byteLength` random bytes, a MiB at a time. */
export const randomChunks = function * (
  byteLength: number,
  seen: (chunk: Uint8Array) => void,
): Iterable<Uint8Array> {
  for (let left = byteLength; left > 0; left -= CHUNK_BYTES) {
    const chunk = randomFillSync(new Uint8Array(Math.min(left, CHUNK_BYTES)))
    seen(chunk)
    yield chunk
  }
}

export const numberOf = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)

const rawCid = (bytes: Uint8Array): CID =>
  CID.createV1(raw.code, create(sha256.code, createHash('sha256').update(bytes).digest()))
