import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { Observable, Subject } from 'rxjs'
import type { Subscriber } from 'rxjs'
import { DialError } from '../errors.ts'
import { decodeMessage } from '../message/decode.ts'
import { encodeMessage } from '../message/encode.ts'
import type { PeerKey } from '../message/keys.ts'
import type { OutgoingMessage, ReceivedMessage } from '../message/message.ts'
import type { ProtocolVersion } from '../message/protocols.ts'
import type { Clock, Network } from '../ports.ts'
import { scriptedWires } from './scripted-wires.ts'
import { simulatedEnd, targetKey } from './simulated-network.ts'

/** What the node does to its network. */
export type NetworkAction =
  /** A write begins, whatever becomes of it. */
  | { readonly type: 'write', readonly peer: PeerId, readonly message: OutgoingMessage }
  /** A dial begins: `up` or `refuse` answers it, and all others to the peer. */
  | { readonly type: 'dial', readonly target: PeerId | Multiaddr }
  | { readonly type: 'pause' | 'resume', readonly peer: PeerId }

/** A `Network` whose every remote peer is played by the test: nothing happens but what it plays. */
export interface ScriptedNetwork extends Network {
  /** Cold: subscribing writes. */
  send(peer: PeerId, message: OutgoingMessage): Observable<number>
  /** Everything the node does, as it does it. Hot. */
  readonly action$: Observable<NetworkAction>
  /** The peer connects; nothing if it is connected. `supportsHave` is true by default. */
  up(peer: PeerId, supportsHave?: boolean): void
  /** The peer goes: its write fails, what it sent and was not read is lost. */
  down(peer: PeerId): void
  /** The dials that are under way, or else the next one, fail. */
  refuse(peer: PeerId, error?: Error): void
  /**
   * The peer sends a message, or bytes, which are decoded, and a fault if they are no message.
   * Nothing if it is not connected.
   */
  receive(peer: PeerId, message: OutgoingMessage | Uint8Array, protocol?: ProtocolVersion): void
  /** The peer breaks the protocol. Nothing if it is not connected. */
  fault(peer: PeerId, error: Error): void
  /** Writes to the peer stay busy; they succeed at once otherwise. */
  hold(peer: PeerId): void
  /** The write that was held succeeds, and so do the next ones; `once`: those are held again. */
  release(peer: PeerId, once?: 'once'): void
  /** The write that is held, or else the next one, fails. */
  failWrite(peer: PeerId, error?: Error): void
  /** Completes every stream. */
  stop(): void
}

export const scriptedNetwork = ({ clock }: { readonly clock: Clock }): ScriptedNetwork => {
  const end = simulatedEnd(clock)
  const action$ = new Subject<NetworkAction>()
  const dials = new Map<PeerKey, Set<Subscriber<PeerId>>>()
  const refusals = new Map<PeerKey, Error>()
  const wires = scriptedWires((peer, message) => { action$.next({ type: 'write', peer, message }) })

  const reading = (type: 'pause' | 'resume', peer: PeerId): void => {
    if (end.isReading(peer) === (type === 'resume')) return
    action$.next({ type, peer })
    end[type === 'pause' ? 'pauseReading' : 'resumeReading'](peer)
  }

  const connect = (target: PeerId | Multiaddr) => (subscriber: Subscriber<PeerId>): void => {
    const key = targetKey(target)
    const connected = end.connected(key)
    if (connected !== undefined) return finish(subscriber, connected)
    action$.next({ type: 'dial', target })
    const refusal = refusals.get(key)
    refusals.delete(key)
    if (refusal !== undefined) return subscriber.error(refusal)
    const waiting = dials.get(key) ?? new Set()
    dials.set(key, waiting.add(subscriber))
    subscriber.add(() => { waiting.delete(subscriber) })
  }

  /** All dials of the peer that are under way, and now no longer are. */
  const takeDials = (peer: PeerId): readonly Subscriber<PeerId>[] => {
    const waiting = dials.get(targetKey(peer))
    dials.delete(targetKey(peer))
    return [...waiting ?? []]
  }

  return {
    message$: end.message$,
    peer$: end.peer$,
    fault$: end.fault$,
    action$: action$.asObservable(),
    send: wires.send,
    connect: (target) => new Observable(connect(target)),
    pauseReading (peer) { reading('pause', peer) },
    resumeReading (peer) { reading('resume', peer) },
    up (peer, supportsHave = true) {
      wires.open(peer)
      end.up(peer, supportsHave)
      for (const dial of takeDials(peer)) finish(dial, peer)
    },
    down (peer) {
      end.down(peer)
      wires.close(peer)
    },
    refuse (peer, cause = new Error('connection refused')) {
      const error = new DialError(peer.toString(), cause)
      const refused = takeDials(peer)
      if (refused.length === 0) refusals.set(targetKey(peer), error)
      for (const dial of refused) dial.error(error)
    },
    receive (peer, sent, protocol) {
      const bytes = sent instanceof Uint8Array ? sent : encodeMessage(sent, protocol).subarray()
      const message = decoded(bytes)
      if (message instanceof Error) end.fault({ type: 'peer-fault', peer, error: message })
      else end.receive({ type: 'message', peer, message, byteLength: bytes.byteLength })
    },
    fault (peer, error) { end.fault({ type: 'peer-fault', peer, error }) },
    hold: wires.hold,
    release: wires.release,
    failWrite: wires.failWrite,
    stop () {
      end.stop()
      action$.complete()
    },
  }
}

const decoded = (bytes: Uint8Array): ReceivedMessage | Error => {
  try {
    return decodeMessage(bytes)
  } catch (error) {
    return error as Error
  }
}

const finish = <T>(subscriber: Subscriber<T>, value: T): void => {
  subscriber.next(value)
  subscriber.complete()
}
