/** What stands in the cells of a lane. Every item happens at the tick of its cell. */
import type { Position, ProtocolVersion } from './document.ts'

/**
 * All that happens in one lane in one tick, in order. Inputs of one cell are one synchronous run of
 * code.
 */
export interface Cell<I extends Item = Item> {
  readonly tick: number
  readonly items: readonly I[]
  readonly at?: Position
}

/** What any item may carry. */
export interface Marked {
  /** An output may come this many ticks earlier or later. `~n`; absent: 0. */
  readonly tolerance?: number
  /** A name for checks. `@name` */
  readonly tag?: string
}

/** One entry of a message. */
export type Entry =
  /** `w.x` and `h.x`, `w.x^5` with a priority, `w.x'` asking for a DONT_HAVE. */
  | {
    readonly type: 'want-block' | 'want-have'
    readonly cid: string
    /** int32. Absent: 1 when it is sent to us, any when it is expected of us. */
    readonly priority?: number
    readonly sendDontHave: boolean
  }
  /** `c.x` */
  | { readonly type: 'cancel', readonly cid: string }
  /** `B.x`; `B.x!` has the prefix of x and bytes that are not x. */
  | { readonly type: 'block', readonly cid: string, readonly corrupt: boolean }
  /** `H.x` and `D.x` */
  | { readonly type: 'have' | 'dont-have', readonly cid: string }

/** One wire message, `[w.x h.y]`; the entries have no order. */
export interface MessageItem extends Marked {
  readonly type: 'message'
  /** The wantlist replaces what was held. `[full w.x]` */
  readonly full: boolean
  readonly entries: readonly Entry[]
  /** `[B.x +64KiB]`. Absent: 0 when it is sent to us, any when it is expected of us. */
  readonly pendingBytes?: number
}

/** What an application subscribes to. */
export type Request =
  /** `x`, or `s.x` in session s. */
  | { readonly ask: 'want', readonly cid: string, readonly session?: string }
  /** `?x`, or `?s.x` in session s. */
  | { readonly ask: 'availability', readonly cid: string, readonly session?: string }
  /** `r`, declared by `retrieve r ...`. */
  | { readonly ask: 'retrieve', readonly name: string }

/** What one subscriber does and gets. */
export type AppItem = Marked & (AppInput | AppOutput)

type AppInput =
  /**
   * `^x`; `^x^5` with a priority; `^x'` without discovery: it ends once everybody has said no.
   */
  | {
    readonly type: 'subscribe'
    readonly request: Request
    readonly priority?: number
    readonly discovery: boolean
  }
  /** `!x` */
  | { readonly type: 'unsubscribe', readonly request: Request }
  /** `^s` and `!s`, of a session. */
  | { readonly type: 'open' | 'close', readonly session: string }
  /** `+x`, `+[x y]`: one call of `notify`. */
  | { readonly type: 'notify', readonly cids: readonly string[] }
  /** The exchange runs from the start; these stop it and start it again. */
  | { readonly type: 'start' | 'stop' }

type AppOutput =
  /** `*x`, `*r.x`; `*x(A)` names the peer it came from. Absent: any, or it was local. */
  | {
    readonly type: 'delivered'
    readonly request: Request
    readonly cid: string
    readonly from?: string
  }
  /** `H.x(A)`, `D.x(A)`: what an availability subscriber is told. */
  | {
    readonly type: 'have' | 'dont-have'
    readonly request: Request
    readonly cid: string
    readonly peer: string
  }
  /** `|x`; `*x|` is `*x|x`. */
  | { readonly type: 'complete', readonly request: Request }
  /** `#x(NotFoundError)` */
  | { readonly type: 'error', readonly request: Request, readonly error: string }

/** What a peer does to its link, and what we do to it. */
export type LinkItem = Marked & (LinkInput | LinkOutput)

type LinkInput =
  /** `up`, `up(1.1)`: the peer connects. Absent: the version it was declared with. */
  | { readonly type: 'up', readonly version?: ProtocolVersion }
  /** `down`: it goes, its write in flight fails. */
  | { readonly type: 'down' }
  /** `{`: writes stay in flight from here on. `}{`: one is over, the next one is busy too. */
  | { readonly type: 'busy' }
  /** `}`: the write in flight is over, and writes are immediate again. */
  | { readonly type: 'drained' }
  /** `#`: the write in flight, or else the next one, fails. */
  | { readonly type: 'write-failed' }
  /** `refuse`: the dial under way, or else the next one, fails. */
  | { readonly type: 'refuse' }

type LinkOutput =
  /** We dial the peer; `up` or `refuse` answers. */
  | { readonly type: 'dial' }
  /** We stop and resume reading from the peer. */
  | { readonly type: 'pause' | 'resume' }

/** `#`: the peer breaks the protocol. */
export interface FaultItem extends Marked {
  readonly type: 'fault'
}

export type StoreOperation = 'has' | 'size' | 'get' | 'put'

/** What happens to the store behind the node's back. All inputs. */
export type StoreItem = Marked & (
  /** `+x` and `-x`: the block is there, or gone, from now on. */
  | { readonly type: 'put' | 'delete', readonly cid: string }
  /** `slow(5ms)`: operations begun from now on take so long; `slow(5ms get)` only these. */
  | { readonly type: 'slow', readonly delayMs: number, readonly operation?: StoreOperation }
  /** `fail`: operations that end from now on fail; `fail(get)`, `fail(get x)` only these. */
  | { readonly type: 'fail', readonly operation?: StoreOperation, readonly cid?: string }
  /** `ok`: fast and sound again. */
  | { readonly type: 'ok' }
)

/** `get.x`: an operation that the node begins. Output. */
export interface StoreCallItem extends Marked {
  readonly type: 'call'
  readonly operation: StoreOperation
  readonly cid: string
}

/** `[>100B <40B]`: bytes of blocks sent and received. Output. */
export interface LedgerItem extends Marked {
  readonly type: 'ledger'
  readonly sentBytes: number
  readonly receivedBytes: number
}

/** `cancel.x(received)`: an entry of the diary, its fields in parentheses. Output. */
export interface EventItem extends Marked {
  readonly type: 'event'
  readonly name: string
  readonly cid?: string
  readonly details: readonly string[]
}

export type Item =
  | AppItem | LinkItem | MessageItem | FaultItem
  | StoreItem | StoreCallItem | LedgerItem | EventItem
