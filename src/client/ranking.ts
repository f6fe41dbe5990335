import type { Random } from '../ports.ts'
import type { Scope, Request } from './contract.ts'
import type { PeerWants } from './want.ts'
import type { PeerKey } from '../message/keys.ts'

/**
 * Connected peers in the order in which they are worth asking: those that ever had something for us
 * first (boxo's broadcast targets), then the others; within a rank from a random place on, another
 * one now and then, so that equals share the load. A walk stops when the visitor returns false, so
 * its cost is what it looks at, not the number of peers.
 */
export interface Ranking<R extends Request> {
  readonly peers: ReadonlyMap<PeerKey, PeerWants<R>>
  add(peer: PeerWants<R>): void
  remove(peer: PeerWants<R>): void
  /** The peer had a block or a HAVE for us. */
  promote(peer: PeerWants<R>): void
  walk(scope: Scope, visit: (peer: PeerWants<R>) => boolean): void
}

export const ranking = <R extends Request>(random: Random): Ranking<R> => {
  const peers = new Map<PeerKey, PeerWants<R>>()
  const useful = rank<R>(random)
  const others = rank<R>(random)

  const walkMembers = (
    keys: Iterable<PeerKey>,
    visit: (peer: PeerWants<R>) => boolean,
  ): boolean => {
    for (const key of keys) {
      const peer = peers.get(key)
      if (peer !== undefined && !visit(peer)) return false
    }
    return true
  }

  return {
    peers,
    add: (peer) => {
      peers.set(peer.key, peer)
      others.add(peer)
    },
    remove: (peer) => {
      peers.delete(peer.key)
      others.remove(peer)
      useful.remove(peer)
    },
    promote: (peer) => {
      if (useful.has(peer)) return
      others.remove(peer)
      useful.add(peer)
    },
    walk: ({ members, preferred }, visit) => {
      if (members !== 'everyone') {
        walkMembers(members.keys(), visit)
        return
      }
      if (!walkMembers(preferred, visit)) return
      const unless = preferred.size === 0
        ? visit
        : (peer: PeerWants<R>) => preferred.has(peer.key) || visit(peer)
      if (useful.walk(unless)) others.walk(unless)
    },
  }
}

/**
 * Walks that begin at the same place. Wants that are told to the same peers share their messages,
 * and the next one finds those peers' state in the processor's cache.
 */
const WALKS_FROM_A_PLACE = 256

/** A list with O(1) removal: the last one takes the free place. */
const rank = <R extends Request>(random: Random) => {
  const list: PeerWants<R>[] = []
  const places = new Map<PeerWants<R>, number>()
  let start = 0
  let walks = 0
  return {
    has: (peer: PeerWants<R>) => places.has(peer),
    add: (peer: PeerWants<R>) => {
      places.set(peer, list.length)
      list.push(peer)
    },
    remove: (peer: PeerWants<R>) => {
      const place = places.get(peer)
      const last = list.at(-1)
      if (place === undefined || last === undefined) return
      list[place] = last
      places.set(last, place)
      list.pop()
      places.delete(peer)
    },
    walk: (visit: (peer: PeerWants<R>) => boolean): boolean => {
      if (list.length > 1) {
        if (walks % WALKS_FROM_A_PLACE === 0) start = Math.floor(random() * list.length)
        walks += 1
      }
      for (let step = 0; step < list.length; step += 1) {
        if (!visit(list[(start + step) % list.length]!)) return false
      }
      return true
    },
  }
}
