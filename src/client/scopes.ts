import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { peerKey } from '../message/keys.ts'
import type { Asks } from './asks.ts'
import type { DialOutcome, Request, Scope } from './contract.ts'
import type { Line } from './line.ts'
import type { Want } from './want.ts'
import type { Wants } from './wants.ts'

export interface ScopesDeps<R extends Request> {
  readonly line: Line<R>
  readonly wants: Wants<R>
  readonly asks: Asks<R>
}

/**
 * Notes how the dial of one of a session's peers went: its wants may have somebody new to ask, or
 * nobody left.
 */
export const dialled = <R extends Request>(
  deps: ScopesDeps<R>,
  scope: Scope,
  outcome: DialOutcome,
): void => {
  scope.dialling -= 1
  switch (outcome.type) {
    case 'member':
      join(scope, outcome.peer)
      break
    case 'preferred':
      scope.preferred.add(peerKey(outcome.peer))
      break
    case 'unreachable':
      scope.unreachable.set(String(outcome.evidence.peer), outcome.evidence)
      // It is the session's all the same: it may connect to us.
      if (isPeerId(outcome.evidence.peer)) join(scope, outcome.evidence.peer)
      break
    default:
      outcome satisfies never
  }
  askMore(deps, (candidate) => candidate === scope)
}

/** The wants of the scopes that `isWider` picks may have somebody new to ask, or nobody left. */
export const askMore = <R extends Request>(
  { line, wants, asks }: ScopesDeps<R>,
  isWider: (scope: Scope) => boolean,
): void => {
  const isConcerned = ({ requests }: Want<R>): boolean =>
    requests.some(({ scope }) => isWider(scope))
  for (const want of line.parked) if (isConcerned(want)) line.join(want)
  for (const want of line.active) if (isConcerned(want)) asks.tellOthers(want)
  for (const want of wants.presence) if (isConcerned(want)) asks.tellAll(want)
}

const join = ({ members }: Scope, peer: PeerId): void => {
  if (members !== 'everyone') members.set(peerKey(peer), peer)
}

const isPeerId = (target: PeerId | Multiaddr): target is PeerId => 'toMultihash' in target
