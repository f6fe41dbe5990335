import { createHash } from 'node:crypto'
import { lstat, mkdir, mkdtemp, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder that is removed when the test is over. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'rx-bitswap-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export const writeTree = async (folder: string, files: Readonly<Record<string, Uint8Array>>) => {
  await mkdir(folder, { recursive: true })
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
}

/** Everything at or below a path, as text that is equal only if all of it is. */
export const fingerprint = async (path: string): Promise<readonly string[]> => {
  const status = await lstat(path)
  if (status.isSymbolicLink()) return [`-> ${await readlink(path)}`]
  if (!status.isDirectory()) {
    const bytes = await readFile(path)
    return [`${bytes.byteLength} ${createHash('sha256').update(bytes).digest('hex')}`]
  }
  const names = (await readdir(path)).toSorted()
  const below = await Promise.all(names.map(async (name) =>
    (await fingerprint(join(path, name))).map((line) => `${name}/ ${line}`)))
  return ['folder', ...below.flat()]
}

/** Bytes that do not repeat, the same in every run. */
export const someBytes = (length: number, seed = 1): Uint8Array => {
  const bytes = new Uint8Array(length)
  let state = seed
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}
