import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'

/** What the client tells the server of a block that a peer sent and that is in the store now. */
export interface FetchedBlock {
  readonly cid: CID
  readonly byteLength: number
  readonly from: PeerId
}
