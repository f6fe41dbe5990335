import type { PeerId } from '@libp2p/interface'
import type { MultihashKey } from './keys.ts'

/** What the client tells the server of a block that a peer sent and that is in the store now. */
export interface FetchedBlock {
  readonly key: MultihashKey
  readonly byteLength: number
  readonly from: PeerId
}
