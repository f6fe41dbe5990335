import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** A file that is written in any order, and closes itself when all of it was. */
export interface OpenFile {
  readonly path: string
  write(bytes: Uint8Array, offset: number): Promise<void>
  /** Waits for what is being written. */
  close(): Promise<void>
}

/** Creates the file; fails if there is one. */
export const openFile = async (path: string, size: number): Promise<OpenFile> => {
  const handle = await open(path, 'wx')
  let missing = size
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => closed ??= handle.close()
  if (missing === 0) await close()

  return {
    path,
    close,
    write: async (bytes, offset) => {
      await writeAll(handle, bytes, offset)
      missing -= bytes.byteLength
      if (missing === 0) await close()
    },
  }
}

/** One write may write less than all; the next one then says why. */
const writeAll = async (handle: FileHandle, bytes: Uint8Array, offset: number): Promise<void> => {
  let written = 0
  while (written < bytes.byteLength) {
    const rest = bytes.subarray(written)
    written += (await handle.write(rest, 0, rest.byteLength, offset + written)).bytesWritten
  }
}
