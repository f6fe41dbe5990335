import type { PeerId } from '@libp2p/interface'
import { Observable, filter, map, Subject, take } from 'rxjs'
import type { Subscriber } from 'rxjs'
import { SendError } from '../errors.ts'
import { peerKey } from '../message/keys.ts'
import type { PeerKey } from '../message/keys.ts'
import type { OutgoingMessage, ReceivedMessage } from '../message/message.ts'
import type { Clock, Network } from '../ports.ts'
import { wireLength } from './simulated-message.ts'
import { simulatedEnd, targetKey } from './simulated-network.ts'

/** A message at the moment its write begins, whatever becomes of the write. */
export interface Sending {
  readonly peer: PeerId
  readonly message: OutgoingMessage
}

/**
 * A `Network` whose every remote peer is played by the test. `connect` emits when the test lets the
 * peer come up.
 */
export interface ScriptedNetwork extends Network {
  /** Every write, as it begins. Hot. */
  readonly sending$: Observable<Sending>
  /** The peer connects; nothing if it is connected. `supportsHave` is true by default. */
  up(peer: PeerId, supportsHave?: boolean): void
  /** The peer goes: its writes fail, what it sent and was not read is lost. */
  down(peer: PeerId): void
  /** The peer sends a message; nothing if it is not connected. */
  receive(peer: PeerId, message: ReceivedMessage): void
  /** The peer breaks the protocol. */
  fault(peer: PeerId, error: Error): void
  /** Writes to the peer stay busy until `release`; they succeed at once otherwise. */
  hold(peer: PeerId): void
  /** The stream can take more: the write that was held succeeds. */
  release(peer: PeerId): void
  /** The write that is held, or else the next one, fails. */
  failWrite(peer: PeerId, error?: Error): void
  isReading(peer: PeerId): boolean
  /** Completes every stream. */
  stop(): void
}

interface Wire {
  held: boolean
  failure: Error | undefined
  write: { readonly subscriber: Subscriber<number>, readonly byteLength: number } | undefined
}

/** A network on which nothing happens but what the test plays. */
export const scriptedNetwork = ({ clock }: { readonly clock: Clock }): ScriptedNetwork => {
  const end = simulatedEnd(clock)
  const sending$ = new Subject<Sending>()
  const wires = new Map<PeerKey, Wire>()

  const wireOf = (peer: PeerId): Wire => {
    let wire = wires.get(peerKey(peer))
    if (wire === undefined) {
      wire = { held: false, failure: undefined, write: undefined }
      wires.set(peerKey(peer), wire)
    }
    return wire
  }

  const fail = (peer: PeerId, wire: Wire, error: Error): void => {
    const { write } = wire
    wire.write = undefined
    write?.subscriber.error(new SendError(peer, 1, error))
  }

  const succeed = (wire: Wire): void => {
    const { write } = wire
    wire.write = undefined
    write?.subscriber.next(write.byteLength)
    write?.subscriber.complete()
  }

  const write = (peer: PeerId, message: OutgoingMessage) => (subscriber: Subscriber<number>): void => {
    if (!end.isUp(peer)) return subscriber.error(new SendError(peer, 1, new Error('not connected')))
    const wire = wireOf(peer)
    if (wire.write !== undefined) throw new Error(`A message to ${peer} began while another was being written`)
    const begun = { subscriber, byteLength: wireLength(message) }
    wire.write = begun
    subscriber.add(() => { if (wire.write === begun) wire.write = undefined })
    sending$.next({ peer, message })
    const { failure } = wire
    if (failure !== undefined) {
      wire.failure = undefined
      fail(peer, wire, failure)
    } else if (!wire.held) {
      succeed(wire)
    }
  }

  return {
    ...end,
    sending$: sending$.asObservable(),
    up (peer, supportsHave = true) { end.up(peer, supportsHave) },
    down (peer) {
      const wire = wireOf(peer)
      wires.delete(peerKey(peer))
      end.down(peer)
      fail(peer, wire, new Error('the connection closed'))
    },
    receive (peer, message) {
      end.receive({ type: 'message', peer, message, byteLength: wireLength(message) })
    },
    fault (peer, error) { end.fault({ type: 'peer-fault', peer, error }) },
    hold (peer) { wireOf(peer).held = true },
    release (peer) {
      const wire = wireOf(peer)
      wire.held = false
      succeed(wire)
    },
    failWrite (peer, error = new Error('the stream was reset')) {
      const wire = wireOf(peer)
      if (wire.write === undefined) wire.failure = error
      else fail(peer, wire, error)
    },
    send: (peer, message) => new Observable(write(peer, message)),
    connect: (target) => end.peer$.pipe(
      filter((event) => event.type === 'peer-up' && peerKey(event.peer) === targetKey(target)),
      map(({ peer }) => peer),
      take(1),
    ),
    stop () {
      end.stop()
      sending$.complete()
    },
  }
}
