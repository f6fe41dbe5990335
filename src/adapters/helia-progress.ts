import type { BlockBrokerGetBlockProgressEvents } from '@helia/interface'
import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import type { Subscriber } from 'rxjs'
import { concatMap, EMPTY, from, map, merge, mergeMap, Observable, of, Subscription, takeWhile } from 'rxjs'
import type { BitswapEvent } from '../events.ts'
import type { Exchange } from '../exchange.ts'
import type { MultihashKey } from '../message/keys.ts'
import { multihashKey, peerKey } from '../message/keys.ts'
import { targetPeer } from './helia-dial-targets.ts'

/** The name of the broker in Helia. */
export const HELIA_BROKER = 'rx-bitswap'

/** What is watched of one retrieval. */
export interface Watched {
  readonly cid: CID
  /** Peers that the caller named, dialled if need be. */
  readonly providers: readonly (PeerId | Multiaddr)[]
}

/**
 * How a retrieval goes, in Helia's words: which of its providers are being connected to, which came
 * up, and whom the block is asked of. Cold, to be subscribed to before the block is wanted;
 * completes when the exchange stops.
 */
export type HeliaProgress = (watched: Watched) => Observable<BlockBrokerGetBlockProgressEvents>

export const heliaProgress = (
  exchange: Pick<Exchange, 'event$' | 'peers$'>,
  addressOf: (peer: PeerId) => Multiaddr,
): HeliaProgress => {
  const chosenPeer = chosenPeers(exchange)

  const connecting = (cid: CID, peer: PeerId): Observable<BlockBrokerGetBlockProgressEvents> =>
    exchange.peers$.pipe(
      map((peers) => peers.has(peerKey(peer))),
      takeWhile((isUp) => !isUp, true),
      concatMap((isUp, index) => {
        const isNew = index === 0
        if (isUp === isNew) return EMPTY
        return of(isUp ? connected(cid, peer, addressOf(peer)) : connect(cid, peer))
      }),
    )

  return ({ cid, providers }) => merge(
    from(providers).pipe(
      mergeMap((target) => {
        const peer = targetPeer(target)
        return peer === undefined ? EMPTY : connecting(cid, peer)
      }),
    ),
    chosenPeer(cid).pipe(map((peer) => requestBlock(cid, peer))),
  )
}

export const receiveBlock = (cid: CID, peer: PeerId): BlockBrokerGetBlockProgressEvents => ({
  type: 'helia:block-broker:receive-block',
  detail: { ...about(cid, peer), type: 'receive-block' },
})

const requestBlock = (cid: CID, peer: PeerId): BlockBrokerGetBlockProgressEvents => ({
  type: 'helia:block-broker:request-block',
  detail: { ...about(cid, peer), type: 'request-block' },
})

const connect = (cid: CID, peer: PeerId): BlockBrokerGetBlockProgressEvents => ({
  type: 'helia:block-broker:connect',
  detail: { ...about(cid, peer), type: 'connect' },
})

const connected = (
  cid: CID,
  peer: PeerId,
  address: Multiaddr,
): BlockBrokerGetBlockProgressEvents => ({
  type: 'helia:block-broker:connected',
  detail: { ...about(cid, peer), type: 'connected', address },
})

const about = (cid: CID, peer: PeerId): { broker: string, provider: CID, cid: CID } =>
  ({ broker: HELIA_BROKER, provider: peer.toCID(), cid })

/** The peers that a block is asked of, by block: one reader of the diary, however many blocks. */
const chosenPeers = (
  exchange: Pick<Exchange, 'event$'>,
): ((cid: CID) => Observable<PeerId>) => {
  const watchers = new Map<MultihashKey, Set<Subscriber<PeerId>>>()
  let diary = Subscription.EMPTY

  const hand = (event: BitswapEvent): void => {
    if (event.type !== 'peer-chosen') return
    for (const watcher of watchers.get(multihashKey(event.cid)) ?? []) watcher.next(event.peer)
  }

  const end = (): void => {
    for (const watcher of [...watchers.values()].flatMap((ofBlock) => [...ofBlock])) {
      watcher.complete()
    }
  }

  return (cid) => new Observable((watcher) => {
    const key = multihashKey(cid)
    const isFirst = watchers.size === 0
    const ofBlock = watchers.get(key) ?? new Set()
    watchers.set(key, ofBlock.add(watcher))
    if (isFirst) diary = exchange.event$.subscribe({ next: hand, complete: end })
    return () => {
      ofBlock.delete(watcher)
      if (ofBlock.size === 0) watchers.delete(key)
      if (watchers.size === 0) diary.unsubscribe()
    }
  })
}
