import type { CID } from 'multiformats/cid'
import type { Node } from './node.ts'

/** What is fetched, and whom to tell. */
export interface Fetch {
  readonly cids: readonly CID[]
  /** Wants open at the same time; as many as there are CIDs: all at once. */
  readonly inFlight: number
  /** The CID at this index is wanted now. */
  readonly asked: (index: number) => void
  readonly arrived: (cid: CID, bytes: Uint8Array) => void
}

/** An exchange on a node, as the workloads drive it. */
export interface Contender {
  /** Bitswap peers it knows to be connected. */
  peers (): number
  fetch (fetch: Fetch): Promise<void>
  /** Wants, and does not wait. */
  want (cids: readonly CID[]): void
  /** Blocks received that nobody waited for. */
  duplicates (): number
}

export type Attach = (node: Node) => Promise<Contender>
