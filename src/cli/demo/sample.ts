import { randomFillSync } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const CHUNK_BYTES = 1024 * 1024

/** Writes a file that cannot be compressed, and of which no two blocks are equal. */
export const writeSample = (path: string, byteLength: number): Promise<void> =>
  pipeline(Readable.from(randomChunks(byteLength)), createWriteStream(path))

function * randomChunks (byteLength: number): Generator<Uint8Array> {
  for (let rest = byteLength; rest > 0; rest -= CHUNK_BYTES) {
    yield randomFillSync(new Uint8Array(Math.min(rest, CHUNK_BYTES)))
  }
}
