import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { Observable, concat, defer, from, mergeMap } from 'rxjs'
import { Failure, failureOf } from './failure.ts'
import type { Node } from './node.ts'
import type { Report } from './report.ts'

/**
 * Dials every address and reports each; then `use` goes on with those that were reached. Fails when
 * none was.
 */
export const withPeers = (
  node: Node,
  addresses: readonly Multiaddr[],
  use: (peers: readonly PeerId[]) => Observable<Report>,
): Observable<Report> =>
  defer(() => {
    const peers: PeerId[] = []
    const failed: string[] = []
    const dialed$ = from(addresses).pipe(mergeMap((address) => defer(async (): Promise<Report> => {
      try {
        const { remotePeer } = await node.dial(address)
        peers.push(remotePeer)
        return { type: 'connected', address: address.toString(), peer: remotePeer.toString() }
      } catch (error) {
        const { message } = failureOf(error)
        failed.push(`${address} (${message})`)
        return { type: 'unreachable', address: address.toString(), message }
      }
    })))
    return concat(dialed$, defer(() => {
      if (peers.length === 0) {
        throw new Failure(`Could not reach ${failed.join(', ')}: check the address, and that the other side is running`)
      }
      return use(peers)
    }))
  })
