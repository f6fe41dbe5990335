import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { EMPTY, catchError, concat, defer, from, map, mergeMap, of, takeWhile } from 'rxjs'
import type { Observable } from 'rxjs'
import { abortable } from '../network/abortable.ts'
import { Failure, failureOf } from './failure.ts'
import type { Node } from './node.ts'
import type { Report } from './report.ts'

/** Peers as a session takes them: those that were reached by id, the others by address. */
export type Peers = readonly (PeerId | Multiaddr)[]

/**
 * Dials every address, and runs `use` once the first peer is there: one that does not answer does
 * not hold up the others. Fails when none can be reached.
 */
export const withPeers = (
  node: Node,
  addresses: readonly Multiaddr[],
  use: (peers: Peers) => Observable<Report>,
): Observable<Report> =>
  defer(() => {
    const reached = new Map<Multiaddr, PeerId>()
    const failed: Unreachable[] = []
    const proceed = (dialed: Dialed): Observable<Report | undefined> => {
      if (dialed.type === 'connected') {
        reached.set(dialed.address, dialed.peer)
        if (reached.size > 1) return of(reportOf(dialed))
        const peers = addresses.map((address) => reached.get(address) ?? address)
        return concat(of(dialed, ...failed).pipe(map(reportOf)), use(peers), of(undefined))
      }
      if (reached.size > 0) return of(reportOf(dialed))
      failed.push(dialed)
      if (failed.length === addresses.length) throw noneOf(failed)
      return EMPTY
    }
    return from(addresses).pipe(
      mergeMap((address) => dial(node, address)),
      mergeMap(proceed),
      takeWhile((report) => report !== undefined),
    )
  })

interface Connected {
  readonly type: 'connected'
  readonly address: Multiaddr
  readonly peer: PeerId
}

interface Unreachable {
  readonly type: 'unreachable'
  readonly address: Multiaddr
  readonly message: string
}

type Dialed = Connected | Unreachable

const dial = (node: Node, address: Multiaddr): Observable<Dialed> =>
  abortable((signal) => node.dial(address, { signal })).pipe(
    map(({ remotePeer: peer }): Dialed => ({ type: 'connected', address, peer })),
    catchError((error: unknown) => {
      const { message } = failureOf(error)
      return of<Dialed>({ type: 'unreachable', address, message })
    }),
  )

const reportOf = (dialed: Dialed): Report => dialed.type === 'connected'
  ? { ...dialed, address: dialed.address.toString(), peer: dialed.peer.toString() }
  : { ...dialed, address: dialed.address.toString() }

const noneOf = (failed: readonly Unreachable[]): Failure => {
  const reasons = failed.map(({ address, message }) => `${address} (${message})`)
  return new Failure(
    `Could not reach ${reasons.join(' or ')}: check the address, and that it is being served there`,
  )
}
