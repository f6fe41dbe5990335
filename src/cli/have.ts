import type { Multiaddr } from '@multiformats/multiaddr'
import { MemoryBlockstore } from 'blockstore-core'
import type { CID } from 'multiformats/cid'
import { EMPTY, concat, defer, finalize, map, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import { withPeers } from './dial.ts'
import { Failure } from './failure.ts'
import { withNode } from './node.ts'
import type { Report } from './report.ts'

export interface HaveOptions {
  readonly cid: CID
  readonly from: readonly Multiaddr[]
  /** Stay, and tell when an answer changes. */
  readonly watch: boolean
}

/** Asks who has a block, and tells as they answer. Fails when all have, and nobody has it. */
export const have = ({ cid, from, watch }: HaveOptions): Observable<Report> =>
  withNode({ blockstore: new MemoryBlockstore(), listen: [] }, (node) =>
    withPeers(node, from, (peers) => defer(() => {
      const session = node.services.bitswap.session({ peers, discovery: watch })
      let holders = 0
      return concat(
        session.availability(cid).pipe(
          tap(({ presence }) => { if (presence === 'have') holders++ }),
          map(({ peer, presence }): Report => (
            { type: 'presence', peer: peer.toString(), presence }
          )),
        ),
        defer(() => {
          if (holders > 0) return EMPTY
          throw new Failure(`Nobody has ${cid}: name a peer that might with --from`)
        }),
      ).pipe(finalize(() => session.close()))
    })))
