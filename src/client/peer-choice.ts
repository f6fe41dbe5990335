import type { ClientOptions } from '../options.ts'
import type { Request } from './contract.ts'
import type { Ranking } from './ranking.ts'
import { includes } from './scope.ts'
import type { PeerWants, Want } from './want.ts'

/**
 * `busy`: somebody may have it, but has no room now. `nobody`: all who may be asked have said no.
 */
export type Choice<R extends Request> = PeerWants<R> | 'busy' | 'nobody'

/** Decides whom a want asks for its block. */
export type PeerChoice<R extends Request> = (want: Want<R>) => Choice<R>

/**
 * Wants in flight that a peer may have: what fills `maxBytesPerPeer`, which covers the bandwidth
 * times the delay of any link worth having, and never more entries than a server keeps.
 */
export const windowOf = <R extends Request>(
  { blockBytes }: PeerWants<R>,
  { maxWantsPerPeer, maxBytesPerPeer }: ClientOptions,
): number => {
  const fitting = Math.floor(maxBytesPerPeer / Math.max(1, blockBytes ?? ASSUMED_BLOCK_BYTES))
  return Math.min(maxWantsPerPeer, Math.max(MIN_WINDOW, fitting))
}

/** Until a peer's blocks are known: between the 1 KiB and the 1 MiB that files are cut into. */
const ASSUMED_BLOCK_BYTES = 64 * 1024

/** Large blocks, too, need one on the way while the next is asked. */
const MIN_WINDOW = 4

/**
 * Peers that may be told of a want, the target aside: four times as many after each vain target.
 */
export const broadcastLimit = (
  { moves }: { readonly moves: number },
  { broadcastPeers }: ClientOptions,
): number =>
  broadcastPeers * 4 ** moves

/**
 * Of those who said HAVE the one with the emptiest window; else of the session's providers with
 * room; else of the others who might have it.
 */
export const leastLoaded = <R extends Request>(
  ranking: Ranking<R>,
  options: ClientOptions,
): PeerChoice<R> => {
  let best: Choice<R>
  let bestLoad: number

  const begin = (): void => {
    best = 'nobody'
    bestLoad = Infinity
  }
  /** With a handicap of `FULL` a peer comes after all without. */
  const consider = (peer: PeerWants<R>, handicap = 0): void => {
    const load = peer.awaited / windowOf(peer, options)
    if (load >= FULL) {
      if (best === 'nobody') best = 'busy'
    } else if (load + handicap < bestLoad) {
      best = peer
      bestLoad = load + handicap
    }
  }

  return (want) => {
    begin()
    for (const { answer, peer } of want.asked ?? []) {
      if (answer === 'have' && isInScope(want, peer)) consider(peer)
    }
    if (best !== 'nobody') return best
    let left = broadcastLimit(want, options) + 1
    for (const { kind, scope } of want.requests) {
      if (kind !== 'block') continue
      ranking.walk(scope, (peer) => {
        if (peer.asks.get(want.key)?.answer !== undefined) return true
        consider(peer, scope.preferred.has(peer.key) ? 0 : FULL)
        left -= 1
        return left > 0
      })
    }
    return best
  }
}

/** A peer may have been heard of through another's availability. */
const isInScope = <R extends Request>({ requests }: Want<R>, { key }: PeerWants<R>): boolean =>
  requests.some(({ kind, scope }) => kind === 'block' && includes(scope, key))

/** The load of a peer that can be asked for nothing more. */
const FULL = 1
