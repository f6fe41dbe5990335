import type { PeerId } from '@libp2p/interface'
import { Observable, Subject } from 'rxjs'
import type { PeerKey } from '../message/keys.ts'
import type { PeerEvent } from '../ports.ts'

interface ReachablePeer {
  readonly peer: PeerId
  readonly supportsHave: boolean
}

export interface Announcements {
  /** Hot; a subscriber first hears of the peers that are up. */
  readonly peer$: Observable<PeerEvent>
  /** The peer may have come or gone. */
  changed(key: PeerKey): void
  complete(): void
}

/**
 * Says who came and went, from a look at who is reachable now. A change made while another one is
 * being announced waits its turn, so all subscribers hear the same order; if it is undone
 * meanwhile, nobody hears of it.
 */
export const announcements = (
  reachable: (key: PeerKey) => ReachablePeer | undefined,
): Announcements => {
  const up = new Map<PeerKey, PeerEvent>()
  const dirty = new Set<PeerKey>()
  const event$ = new Subject<PeerEvent>()
  let announcing = false

  const announce = (key: PeerKey): void => {
    const wasUp = up.get(key)
    const found = reachable(key)
    if (found !== undefined && wasUp === undefined) {
      const { peer, supportsHave } = found
      const event: PeerEvent = { type: 'peer-up', peer, supportsHave }
      up.set(key, event)
      event$.next(event)
    } else if (found === undefined && wasUp !== undefined) {
      up.delete(key)
      event$.next({ type: 'peer-down', peer: wasUp.peer })
    }
  }

  const exclusively = (task: () => void): void => {
    if (announcing) return
    announcing = true
    task()
    for (const key of dirty) {
      dirty.delete(key)
      announce(key)
    }
    announcing = false
  }

  return {
    // What the first events make a subscriber do is announced once it hears the rest.
    peer$: new Observable((subscriber) => {
      const welcome = (): void => {
        for (const event of [...up.values()]) subscriber.next(event)
        subscriber.add(event$.subscribe(subscriber))
      }
      if (announcing) welcome()
      else exclusively(welcome)
    }),
    changed: (key) => {
      dirty.add(key)
      exclusively(() => undefined)
    },
    complete: () => {
      up.clear()
      event$.complete()
    },
  }
}
