import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** SHA-256 of a file, as `sha256sum` has it; of a folder, of its names and the digests below. */
export const sha256 = async (path: string): Promise<string> => {
  const status = await lstat(path)
  const hash = createHash('sha256')
  if (status.isDirectory()) {
    for (const name of (await readdir(path)).toSorted()) {
      hash.update(`${name}\0${await sha256(join(path, name))}\n`)
    }
  } else if (status.isSymbolicLink()) hash.update(await readlink(path))
  else await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
