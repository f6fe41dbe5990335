import type { PeerKey } from '../message/keys.ts'
import type { Scope } from './contract.ts'

/** All connected peers, none before the others. */
export const everyone = (): Scope => ({
  members: 'everyone', preferred: new Set(), dialling: 0, unreachable: new Map(),
})

/** Whether the requests of this scope may ask the peer, and hear of it. */
export const includes = ({ members }: Scope, peer: PeerKey): boolean =>
  members === 'everyone' || members.has(peer)
