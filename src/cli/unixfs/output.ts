import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Failure } from '../failure.ts'
import { safeJoin } from './names.ts'
import { unixFSNode } from './node.ts'
import type { FileNode, FolderNode, Part, ShardNode, UnixFSNode } from './node.ts'
import { openFile } from './open-file.ts'
import type { OpenFile } from './open-file.ts'
import type { Place } from './place.ts'

/** Writes a UnixFS graph as it arrives, in whatever order. */
export interface Output {
  /** Writes what the block holds and tells where its links belong. */
  visit(place: Place, bytes: Uint8Array): Promise<readonly Place[]>
  /** Waits for what is being written, and closes the files that are not whole. */
  close(): Promise<void>
}

export const unixFSOutput = (): Output => {
  const files = new Set<OpenFile>()
  const visits = new Set<Promise<unknown>>()

  const visit = async (place: Place, bytes: Uint8Array): Promise<readonly Place[]> => {
    switch (place.type) {
      case 'entry': return begin(place, bytes, files)
      case 'part': return continueFile(place, bytes)
      case 'shard': return continueFolder(place, bytes)
    }
  }

  return {
    visit: (place, bytes) => {
      const visiting = visit(place, bytes).finally(() => visits.delete(visiting))
      visits.add(visiting)
      return visiting
    },
    close: async () => {
      await Promise.allSettled(visits)
      await Promise.allSettled([...files].map((file) => file.close()))
    },
  }
}

type PlaceOf<T extends Place['type']> = Extract<Place, { readonly type: T }>

const begin = async (
  { cid, path }: PlaceOf<'entry'>,
  bytes: Uint8Array,
  files: Set<OpenFile>,
): Promise<readonly Place[]> => {
  const node = unixFSNode(cid, bytes)
  try {
    return await beginNode(path, node, files)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Failure(
      `The folder has two entries that this disk takes for one, ${JSON.stringify(basename(path))}: `
      + 'use another disk',
    )
  }
}

const beginNode = async (
  path: string,
  node: UnixFSNode,
  files: Set<OpenFile>,
): Promise<readonly Place[]> => {
  switch (node.type) {
    case 'file':
      return beginFile(path, node, files)
    case 'symlink':
      await symlink(node.target, path)
      return []
    case 'folder':
    case 'shard':
      await mkdir(path)
      return placesIn(path, node)
  }
}

const placesIn = (path: string, node: FolderNode | ShardNode): readonly Place[] => {
  const entries = node.entries.map(({ name, ...link }): Place =>
    ({ type: 'entry', ...link, path: safeJoin(path, name) }))
  const shards = node.type === 'folder' ? [] : node.shards
  return [...entries, ...shards.map((link): Place => ({ type: 'shard', ...link, path }))]
}

const beginFile = async (
  path: string,
  node: FileNode,
  files: Set<OpenFile>,
): Promise<readonly Place[]> => {
  if (node.parts.length === 0) {
    await writeFile(path, node.data, { flag: 'wx' })
    return []
  }
  const file = await openFile(path, node.size)
  files.add(file)
  if (node.data.byteLength > 0) await file.write(node.data, 0)
  return partsAt(file, node.data.byteLength, node.parts)
}

const continueFile = async (
  { cid, file, offset, size }: PlaceOf<'part'>,
  bytes: Uint8Array,
): Promise<readonly Place[]> => {
  const node = unixFSNode(cid, bytes)
  if (node.type !== 'file' || node.size !== size) {
    throw new Failure(`${cid} should be ${size} bytes of a file: the file was made wrong`)
  }
  if (node.data.byteLength > 0) await file.write(node.data, offset)
  return partsAt(file, offset + node.data.byteLength, node.parts)
}

const partsAt = (file: OpenFile, start: number, parts: readonly Part[]): readonly Place[] => {
  let offset = start
  return parts.map((part) => {
    const place: Place = { type: 'part', ...part, file, offset }
    offset += part.size
    return place
  })
}

const continueFolder = (
  { cid, path }: PlaceOf<'shard'>,
  bytes: Uint8Array,
): readonly Place[] => {
  const node = unixFSNode(cid, bytes)
  if (node.type !== 'shard') {
    throw new Failure(`${cid} should be more of a folder: the folder was made wrong`)
  }
  return placesIn(path, node)
}
