import type { Link } from './node.ts'
import type { OpenFile } from './open-file.ts'

/** Where in the output a block belongs. */
export type Place = Link & (
  /** A file, folder or symlink that begins here. */
  | { readonly type: 'entry', readonly path: string }
  /** More of the folder at `path`, which exists. */
  | { readonly type: 'shard', readonly path: string }
  /** `size` bytes of a file, from `offset` on. */
  | {
    readonly type: 'part'
    readonly file: OpenFile
    readonly offset: number
    readonly size: number
  }
)
