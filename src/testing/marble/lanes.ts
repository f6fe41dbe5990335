/** The lanes of a score: driven (inputs), compared (outputs), or, for `app` and `link`, both. */
import type { Written } from './document.ts'
import type {
  AppItem, Cell, EventItem, FaultItem, LedgerItem, LinkItem, MessageItem, StoreCallItem, StoreItem,
} from './items.ts'

export type Lane = Written & AnyLane

type AnyLane =
  /** `app:`, `app q:`: one subscriber. Always compared. */
  | { readonly kind: 'app', readonly id?: string, readonly cells: readonly Cell<AppItem>[] }
  /** `link A:`. Always compared. */
  | { readonly kind: 'link', readonly peer: string, readonly cells: readonly Cell<LinkItem>[] }
  /** `A>me:`: messages in. */
  | {
    readonly kind: 'in'
    readonly peer: string
    readonly cells: readonly Cell<MessageItem | FaultItem>[]
  }
  /** `me>A:`: messages out, at the tick their write begins. Always compared. */
  | { readonly kind: 'out', readonly peer: string, readonly cells: readonly Cell<MessageItem>[] }
  /** `store:` */
  | { readonly kind: 'store', readonly cells: readonly Cell<StoreItem>[] }
  /** `me>store:`: what the node does to its store. Compared when written. */
  | { readonly kind: 'calls', readonly cells: readonly Cell<StoreCallItem>[] }
  /**
   * `wants A:`, `wants me:`: what the peer wants of us, what we want, at the end of a tick; holds
   * until the next cell, and is empty before the first. Compared when written.
   */
  | { readonly kind: 'wants', readonly peer: string, readonly cells: readonly Cell<MessageItem>[] }
  /** `ledger A:`: as `wants`; nothing traded before the first cell. Compared when written. */
  | { readonly kind: 'ledger', readonly peer: string, readonly cells: readonly Cell<LedgerItem>[] }
  /** `events:`: the diary. Compared when written, the events of the names it mentions. */
  | { readonly kind: 'events', readonly cells: readonly Cell<EventItem>[] }

export type LaneKind = Lane['kind']

/** The lane itself, without what is in it. `me` for our own wants. */
export type LaneName =
  | { readonly kind: 'app', readonly id?: string }
  | { readonly kind: 'link' | 'in' | 'out' | 'wants' | 'ledger', readonly peer: string }
  | { readonly kind: 'store' | 'calls' | 'events' }

/** The lane as a file writes it, without the colon. Equal for the same lane, so also its key. */
export const laneText = (lane: LaneName): string => {
  switch (lane.kind) {
    case 'app': return lane.id === undefined ? 'app' : `app ${lane.id}`
    case 'in': return `${lane.peer}>me`
    case 'out': return `me>${lane.peer}`
    case 'calls': return 'me>store'
    case 'store': case 'events': return lane.kind
    case 'link': case 'wants': case 'ledger': return `${lane.kind} ${lane.peer}`
    default: return lane satisfies never
  }
}
