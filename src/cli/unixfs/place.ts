import type { CID } from 'multiformats/cid'
import type { OpenFile } from './open-file.ts'

/** Where in the output a block belongs. */
export type Place =
  /** A file, folder or symlink that begins here. */
  | { readonly type: 'entry', readonly cid: CID, readonly path: string }
  /** More of the folder at `path`, which exists. */
  | { readonly type: 'shard', readonly cid: CID, readonly path: string }
  /** `size` bytes of a file, from `offset` on. */
  | {
    readonly type: 'part'
    readonly cid: CID
    readonly file: OpenFile
    readonly offset: number
    readonly size: number
  }
