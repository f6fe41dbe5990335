/** All that a command has to say. With `--json` each is one line of JSON, with these fields. */
export type Report =
  /** serve: bytes read and stored so far. */
  | { readonly type: 'importing', readonly bytes: number, readonly totalBytes: number }
  /** serve: ready. `command` fetches it. */
  | {
    readonly type: 'serving'
    readonly cid: string
    readonly bytes: number
    readonly seconds: number
    readonly addresses: readonly string[]
    readonly command: string
  }
  /** serve, at the end. */
  | ({ readonly type: 'served', readonly blocks: number, readonly bytes: number } & Usage)
  /** get and have: a peer of `--from` was reached, or not. */
  | { readonly type: 'connected', readonly address: string, readonly peer: string }
  | { readonly type: 'unreachable', readonly address: string, readonly message: string }
  /** have: what a peer says, as it says it. */
  | { readonly type: 'presence', readonly peer: string, readonly presence: 'have' | 'dont-have' }
  | ({ readonly type: 'progress' } & Progress)
  /** get, at the end: the file or folder is at `path`. `bytes` are those of the blocks. */
  | ({
    readonly type: 'done'
    readonly path: string
    readonly cid: string
    readonly blocks: number
    readonly bytes: number
    readonly seconds: number
    readonly bytesPerSecond: number
    readonly duplicates: number
  } & Usage)
  /** The demo: a line for whoever watches. */
  | { readonly type: 'note', readonly text: string }
  | { readonly type: 'error', readonly message: string }

export interface Progress {
  readonly blocks: number
  /** Of the blocks that were written. */
  readonly bytes: number
  /** As the first block states it: 0 until it is there. */
  readonly totalBytes: number
  readonly bytesPerSecond: number
  /** Absent while there is no rate. */
  readonly etaSeconds?: number
  readonly peers: number
  readonly inFlight: number
  readonly duplicates: number
}

export interface Usage {
  /** The most memory that the process ever had, in bytes. */
  readonly peakRssBytes: number
}
