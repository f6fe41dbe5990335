import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import type { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { Failure } from '../failure.ts'

/** What one block of a UnixFS graph is. */
export type UnixFSNode = FileNode | FolderNode | ShardNode | SymlinkNode

/** A file, or a part of one: `data`, followed by the bytes of `parts` in order. */
export interface FileNode {
  readonly type: 'file'
  readonly data: Uint8Array
  readonly parts: readonly Part[]
  /** Bytes of the whole. */
  readonly size: number
}

/** Where a block leads to. */
export interface Link {
  readonly cid: CID
  /** Bytes of all blocks from there on, as the link states it: nobody checks that it is so. */
  readonly statedSize: number
}

export interface Part extends Link {
  /** Bytes of the file that this part holds. */
  readonly size: number
}

export interface FolderNode {
  readonly type: 'folder'
  readonly entries: readonly Entry[]
}

/** A piece of a folder that is too large for one block; `shards` are further pieces of it. */
export interface ShardNode {
  readonly type: 'shard'
  readonly entries: readonly Entry[]
  readonly shards: readonly Link[]
}

export interface Entry extends Link {
  readonly name: string
}

export interface SymlinkNode {
  readonly type: 'symlink'
  readonly target: string
}

/** Reads a block; fails for one that is not UnixFS. UnixFS spec, "Data Format". */
export const unixFSNode = (cid: CID, bytes: Uint8Array): UnixFSNode => {
  if (cid.code === raw.code) return fileWith(bytes)
  try {
    if (cid.code !== dagPb.code) throw new Error(`its codec is 0x${cid.code.toString(16)}`)
    return nodeOf(dagPb.decode(bytes))
  } catch (error) {
    throw new Failure(
      `${cid} is not a file or folder (${(error as Error).message}): use the CID that serve prints`,
    )
  }
}

const fileWith = (data: Uint8Array): FileNode =>
  ({ type: 'file', data, parts: [], size: data.byteLength })

/** Bytes of all blocks from here on, as the links state them. */
export const statedSize = (cid: CID, bytes: Uint8Array): number => {
  const links = linksOf(cid, bytes)
  return links.reduce((total, { Tsize = 0 }) => total + Tsize, bytes.byteLength)
}

/** None of a block that cannot be read: `unixFSNode` says so. */
const linksOf = (cid: CID, bytes: Uint8Array): readonly dagPb.PBLink[] => {
  try {
    return cid.code === dagPb.code ? dagPb.decode(bytes).Links : []
  } catch {
    return []
  }
}

const nodeOf = ({ Data, Links }: dagPb.PBNode): UnixFSNode => {
  if (Data === undefined) throw new Error('no UnixFS data')
  const data = UnixFS.unmarshal(Data)
  switch (data.type) {
    case 'file':
    case 'raw':
      return fileOf(data, Links)
    case 'directory':
      return { type: 'folder', entries: Links.map((link) => entryOf(link, 0)) }
    case 'hamt-sharded-directory':
      return shardOf(data, Links)
    case 'symlink':
      return { type: 'symlink', target: new TextDecoder().decode(data.data) }
    default:
      throw new Error(`UnixFS type ${data.type}`)
  }
}

const linkOf = ({ Hash, Tsize = 0 }: dagPb.PBLink): Link => ({ cid: Hash, statedSize: Tsize })

const entryOf = (link: dagPb.PBLink, prefixLength: number): Entry =>
  ({ ...linkOf(link), name: (link.Name ?? '').slice(prefixLength) })

const fileOf = (unixfs: UnixFS, links: readonly dagPb.PBLink[]): FileNode => {
  if (unixfs.blockSizes.length !== links.length) {
    throw new Error(`${links.length} parts, but sizes for ${unixfs.blockSizes.length}`)
  }
  return {
    type: 'file',
    data: unixfs.data ?? new Uint8Array(),
    parts: links.map((link, i) => ({ ...linkOf(link), size: Number(unixfs.blockSizes[i]) })),
    size: Number(unixfs.fileSize()),
  }
}

/** Names in a shard start with their place in it, in hex; further shards have that and no more. */
const shardOf = ({ fanout }: UnixFS, links: readonly dagPb.PBLink[]): ShardNode => {
  if (fanout === undefined) throw new Error('a sharded folder without fanout')
  const prefixLength = (fanout - 1n).toString(16).length
  const isShard = ({ Name = '' }: dagPb.PBLink): boolean => Name.length === prefixLength
  return {
    type: 'shard',
    entries: links
      .filter((link) => !isShard(link))
      .map((link) => entryOf(link, prefixLength)),
    shards: links.filter(isShard).map(linkOf),
  }
}
