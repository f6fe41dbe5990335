import type { PeerId } from '@libp2p/interface'
import { Observable, Subject, type Subscriber, type Subscription } from 'rxjs'
import type { Delta } from '../message/delta.ts'
import { peerKey, type PeerKey } from '../message/keys.ts'
import { subscribeWithin } from '../operators/subscribe-within.ts'
import type { Network, PeerEvent, SendOutcome } from '../ports.ts'
import { messageQueue } from './message-queue.ts'

/**
 * A message queue for each peer that is up; tells what became of every message.
 *
 * Cold. A delta for a peer that is not up is dropped: who is down has neither wantlist nor ledger
 * here, and is told everything anew when it is back. When a peer goes, so does its queue, without a
 * word on what it was sending. Completes when the input has and every queue is empty. Never errors
 * for a peer's sake. Unsubscribing ends every send.
 */
export const messageQueues =
  (network: Pick<Network, 'send'>) =>
  (input$: Observable<Delta | PeerEvent>): Observable<SendOutcome> =>
    new Observable((subscriber) => {
      const queues = registry(network, subscriber)
      subscribeWithin(subscriber, () => input$, {
        next: (input) => {
          switch (input.type) {
            case 'delta': return queues.say(input)
            case 'peer-up': return queues.open(input.peer)
            case 'peer-down': return queues.drop(input.peer)
            default: return input satisfies never
          }
        },
        complete: queues.finish,
      })
    })

interface Queue {
  readonly delta$: Subject<Delta>
  readonly outcomes: Subscription
}

/** The queues of the peers that are up, all of which tell `subscriber`. */
const registry = ({ send }: Pick<Network, 'send'>, subscriber: Subscriber<SendOutcome>) => {
  /** A peer to which nothing was said yet has no queue: most connections stay idle. */
  const queues = new Map<PeerKey, Queue | undefined>()
  let finishing = false

  const remove = (key: PeerKey): void => {
    queues.delete(key)
    if (finishing && queues.size === 0) subscriber.complete()
  }
  const start = (key: PeerKey, peer: PeerId): Queue => {
    const delta$ = new Subject<Delta>()
    const outcome$ = messageQueue({ peer, send: (message) => send(peer, message) })(delta$)
    const outcomes = outcome$.subscribe({
      next: (outcome) => subscriber.next(outcome),
      error: (error: unknown) => subscriber.error(error),
      complete: () => remove(key),
    })
    subscriber.add(outcomes)
    const queue = { delta$, outcomes }
    queues.set(key, queue)
    return queue
  }
  return {
    open: (peer: PeerId): void => {
      const key = peerKey(peer)
      if (!queues.has(key)) queues.set(key, undefined)
    },
    say: (delta: Delta): void => {
      const key = peerKey(delta.peer)
      if (!queues.has(key)) return
      const queue = queues.get(key) ?? start(key, delta.peer)
      queue.delta$.next(delta)
    },
    drop: (peer: PeerId): void => {
      const key = peerKey(peer)
      queues.get(key)?.outcomes.unsubscribe()
      remove(key)
    },
    /** Lets every queue send what waits, and completes. */
    finish: (): void => {
      finishing = true
      for (const [key, queue] of queues) {
        if (queue === undefined) queues.delete(key)
        else queue.delta$.complete()
      }
      if (queues.size === 0) subscriber.complete()
    },
  }
}
