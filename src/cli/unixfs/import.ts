import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import type { Stats } from 'node:fs'
import { lstat, readFile, readdir, readlink, stat } from 'node:fs/promises'
import { basename, join, resolve, sep } from 'node:path'
import { importer } from 'ipfs-unixfs-importer'
import type { ByteStream, ImportCandidate, WritableStorage } from 'ipfs-unixfs-importer'
import type { CID } from 'multiformats/cid'
import { Failure, failureOf } from '../failure.ts'

export interface ImportDeps {
  readonly blockstore: WritableStorage
  /** Told of every piece that was read. */
  readonly read: (byteLength: number) => void
  readonly signal: AbortSignal
  /** A folder below that is not imported, such as the one that blocks are written to. */
  readonly leftOut?: string | undefined
}

/**
 * Imports a file or folder as UnixFS, in constant memory. Links in it stay links; sockets and the
 * like are left out.
 */
export const importPath = async (path: string, deps: ImportDeps): Promise<CID> => {
  const folder = (await statusOf(path)).isDirectory()
  const found = folder ? below(path, '', deps) : [fileAt(path, basename(resolve(path)), deps)]
  const entries = importer(found, deps.blockstore, {
    profile: 'unixfs-v1-2025',
    wrapWithDirectory: folder,
    // With blocks of 1 MiB this is also the memory it takes.
    blockWriteConcurrency: 16,
  })
  let root: CID | undefined
  for await (const { cid } of entries) root = cid
  if (root === undefined) throw new Failure(`${path} holds nothing that can be served`)
  return root
}

/**
 * Bytes of the files at or below a path, and not below `leftOut`. Fails for what is neither file
 * nor folder.
 */
export const sizeOf = async (path: string, leftOut?: string): Promise<number> => {
  const status = await statusOf(path)
  if (status.isFile()) return status.size
  if (!status.isDirectory()) {
    throw new Failure(`${path} is neither a file nor a folder: choose one to serve`)
  }
  const sizes = await readdir(path, { recursive: true, withFileTypes: true })
  let total = 0
  for (const entry of sizes) {
    const isLeftOut = leftOut !== undefined
      && `${resolve(entry.parentPath)}${sep}`.startsWith(`${resolve(leftOut)}${sep}`)
    if (isLeftOut || !entry.isFile()) continue
    total += (await lstat(join(entry.parentPath, entry.name))).size
  }
  return total
}

const statusOf = (path: string): Promise<Stats> =>
  stat(path).catch((error: unknown) => {
    throw failureOf(error, path)
  })

async function * below (
  root: string,
  folder: string,
  deps: ImportDeps,
): AsyncGenerator<ImportCandidate> {
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    const source = join(root, path)
    if (entry.isFile()) yield fileAt(source, path, deps)
    else if (entry.isSymbolicLink()) yield { path, link: await targetOf(source) }
    else if (entry.isDirectory() && !isSame(source, deps.leftOut)) {
      // The importer takes it for an escape of the slash that follows.
      if (entry.name.endsWith('\\')) {
        throw new Failure(`The name of a folder ends in a backslash: rename it (${source})`)
      }
      yield { path }
      yield* below(root, path, deps)
    }
  }
}

const targetOf = async (link: string): Promise<string> => {
  const target = await readlink(link, 'buffer')
  if (isUtf8(target)) return target.toString()
  throw new Failure(`What this link leads to is not UTF-8: remove or rename it (${link})`)
}

const isSame = (path: string, other: string | undefined): boolean =>
  other !== undefined && resolve(path) === resolve(other)

const fileAt = (source: string, path: string, deps: ImportDeps): ImportCandidate =>
  ({ path, content: contentOf(source, deps) })

async function * contentOf (
  source: string,
  { read, signal }: ImportDeps,
): AsyncGenerator<Uint8Array> {
  for await (const bytes of await readerOf(source, signal)) {
    read(bytes.byteLength)
    yield bytes
  }
}

/** A stream takes its whole chunk of memory even for a small file. */
const readerOf = async (source: string, signal: AbortSignal): Promise<ByteStream> =>
  (await stat(source)).size < CHUNK_BYTES
    ? [await readFile(source, { signal })]
    : createReadStream(source, { highWaterMark: CHUNK_BYTES, signal })

/** A block of the profile in one read. */
const CHUNK_BYTES = 1024 * 1024
