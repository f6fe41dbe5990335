/**
 * A protocol marble as a value: what a `.marble` file says, without its layout. The parser makes
 * it, the formatter writes it, the runner plays it, renderers draw it, and a run is recorded in it.
 */
import type { Lane, LaneName } from './lanes.ts'

/** Where something stands in its file. Lines and columns count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** What every statement of a file has besides its content. */
export interface Written {
  /** Absent from a document that was never a file. */
  readonly at?: Position
  /** The comment lines above it, without their `;`. */
  readonly notes?: readonly string[]
}

/** `time`: outputs are compared tick by tick. `order`: only their order in each lane counts. */
export type MarbleMode = 'time' | 'order'

/** What is played: the whole exchange, or its want manager or decision engine alone. */
export type MarbleCore = 'exchange' | 'client' | 'server'

export interface MarbleDocument {
  /** The comment lines above what a file says once, such as its title. */
  readonly preface?: readonly string[]
  /** One line. */
  readonly title: string
  /** The rule it pins down, in one or two lines. */
  readonly rule: readonly string[]
  /** Where the rule comes from: spec, boxo test, defect. */
  readonly source: string
  readonly mode: MarbleMode
  readonly core: MarbleCore
  /** Milliseconds of one tick. */
  readonly tickMs: number
  readonly options: readonly OptionSetting[]
  readonly peers: readonly PeerDeclaration[]
  readonly cids: readonly CidDeclaration[]
  readonly sessions: readonly SessionDeclaration[]
  readonly retrieves: readonly RetrieveDeclaration[]
  /** Lanes whose outputs are not compared. Other output lanes that are not written are silent. */
  readonly ignored: readonly IgnoredLane[]
  readonly lanes: readonly Lane[]
  /**
   * The run lasts this many ticks: until the end of the last cell, or of the silence after it. It
   * goes on for as long as the last outputs may be late.
   */
  readonly ticks: number
  readonly checks: readonly Check[]
  /** The comment lines at the end. */
  readonly notes?: readonly string[]
}

/** A knob of `src/options.ts` that differs from its default. */
export interface OptionSetting extends Written {
  readonly room: 'client' | 'server'
  readonly name: string
  /** In the unit that the name ends with; plain otherwise. */
  readonly value: number | readonly number[]
}

export type ProtocolVersion = '1.2' | '1.1' | '1.0'

export interface PeerDeclaration extends Written {
  readonly name: string
  /** Only 1.2 knows want-have, HAVE and DONT_HAVE. */
  readonly version: ProtocolVersion
  /** Connected before the first tick; `down` in the file when false. */
  readonly connected: boolean
}

/**
 * What kind of CID a name stands for: `plain` is version 1, raw, SHA2-256; `v0` is version 0;
 * `identity` holds its bytes; `huge` is longer than `MAX_CID_BYTES`; `unknown` has a hash function
 * nobody knows.
 */
export type CidForm = 'plain' | 'v0' | 'identity' | 'huge' | 'unknown'

/** What the block holds: seeded bytes of a size, a text, or something derived from another CID. */
export type CidContent =
  | { readonly type: 'seeded', readonly byteLength: number }
  | { readonly type: 'text', readonly text: string }
  /** The multihash of the other CID under another codec: the same block. `same x` */
  | { readonly type: 'same', readonly cid: string }
  /** An identity CID whose bytes are the digest of the other: a forgery of it. `forges x` */
  | { readonly type: 'forges', readonly cid: string }

export interface CidDeclaration extends Written {
  readonly name: string
  readonly form: CidForm
  readonly content: CidContent
  /** In the node's store before the first tick. */
  readonly stored: boolean
}

/** Opened by `^s`, closed by `!s`; its wants are `s.x`. */
export interface SessionDeclaration extends Written {
  readonly name: string
  /** `SessionOptions.peers`; empty: not given. */
  readonly peers: readonly string[]
  /** `SessionOptions.providers`; empty: not given. */
  readonly providers: readonly string[]
  readonly discovery: boolean
}

/** A call of `retrieve`, made when its name is subscribed to. */
export interface RetrieveDeclaration extends Written {
  readonly name: string
  readonly cids: readonly string[]
  /** `RetrieveOptions.concurrency`; absent: its default. */
  readonly concurrency?: number
  readonly ordered: boolean
  /** The CIDs come as an Observable that emits them all at once, not as an iterable. */
  readonly pushed: boolean
  readonly discovery: boolean
  /** The session it is asked of; absent: the exchange. */
  readonly session?: string
}

export interface IgnoredLane extends Written {
  readonly lane: LaneName
}

export type Check =
  /** `order a < b < c`: each happens, the first a before the first b; also within a tick. */
  | Written & { readonly type: 'order', readonly patterns: readonly Pattern[] }
  /** `never a`: nothing that the node does matches. */
  | Written & { readonly type: 'never', readonly pattern: Pattern }
  /** `always one-send-at-a-time`: a rule that the runner knows by name holds at every step. */
  | Written & { readonly type: 'always', readonly rule: string }
  /** `permute a, b`: in whatever order these inputs of one tick come, the outputs are the same. */
  | Written & { readonly type: 'permute', readonly patterns: readonly Pattern[] }

/** Which items a check is about: by their tag, or by what they are and the lane they are in. */
export type Pattern =
  | { readonly type: 'tag', readonly tag: string }
  | {
    readonly type: 'match'
    /** As the file writes it: `w`, `^`, `up`, `put`; see `verbOf`. Absent: anything. */
    readonly verb?: string
    /** A CID, a retrieve or a session. Absent: any, or none. */
    readonly name?: string
    /** Absent: any lane. */
    readonly lane?: LaneName
  }
