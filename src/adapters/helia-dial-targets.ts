import type { ProviderOptions } from '@helia/interface'
import type { PeerId } from '@libp2p/interface'
import { peerIdFromCID, peerIdFromString } from '@libp2p/peer-id'
import type { Multiaddr } from '@multiformats/multiaddr'
import { isMultiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'

/**
 * Helia's providers as peers and addresses that can be dialled. The CID of something that is not a
 * peer is left out: it is for another broker.
 */
export const dialTargets = (
  providers: ProviderOptions['providers'] = [],
): (PeerId | Multiaddr)[] =>
  providers.flatMap((provider) =>
    Array.isArray(provider) || isMultiaddr(provider) ? provider : peerOf(provider))

const peerOf = (cid: CID): PeerId | [] => {
  try {
    return peerIdFromCID(cid)
  } catch {
    return []
  }
}

/** The peer at the end of an address, if it says whom it leads to. */
export const targetPeer = (target: PeerId | Multiaddr): PeerId | undefined => {
  if (!isMultiaddr(target)) return target
  const id = target.getComponents().findLast(({ name }) => name === 'p2p')?.value
  try {
    return id === undefined ? undefined : peerIdFromString(id)
  } catch {
    return undefined
  }
}
