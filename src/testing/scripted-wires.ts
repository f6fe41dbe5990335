import type { PeerId } from '@libp2p/interface'
import { Observable } from 'rxjs'
import type { Subscriber } from 'rxjs'
import { SendError } from '../errors.ts'
import { peerKey } from '../message/keys.ts'
import type { PeerKey } from '../message/keys.ts'
import type { OutgoingMessage } from '../message/message.ts'
import { messageBytes } from '../message/size.ts'

/** The way out to each peer, one message at a time. */
export interface ScriptedWires {
  /** Cold: subscribing writes. */
  send(peer: PeerId, message: OutgoingMessage): Observable<number>
  open(peer: PeerId): void
  /** Fails the write. */
  close(peer: PeerId): void
  hold(peer: PeerId): void
  release(peer: PeerId, once?: 'once'): void
  failWrite(peer: PeerId, error?: Error): void
}

interface Wire {
  isOpen: boolean
  isHeld: boolean
  failure: Error | undefined
  write: { readonly subscriber: Subscriber<number>, readonly byteLength: number } | undefined
}

export const scriptedWires = (
  onWrite: (peer: PeerId, message: OutgoingMessage) => void,
): ScriptedWires => {
  const wires = new Map<PeerKey, Wire>()

  const wireOf = (peer: PeerId): Wire => {
    let wire = wires.get(peerKey(peer))
    if (wire === undefined) {
      wire = { isOpen: false, isHeld: false, failure: undefined, write: undefined }
      wires.set(peerKey(peer), wire)
    }
    return wire
  }

  const write = (peer: PeerId, message: OutgoingMessage, subscriber: Subscriber<number>): void => {
    const wire = wireOf(peer)
    if (!wire.isOpen) return subscriber.error(new SendError(peer, 1, new Error('not connected')))
    if (wire.write !== undefined) throw overlap(peer)
    const begun = { subscriber, byteLength: messageBytes(message) }
    wire.write = begun
    subscriber.add(() => { if (wire.write === begun) wire.write = undefined })
    onWrite(peer, message)
    const { failure } = wire
    wire.failure = undefined
    if (failure !== undefined) fail(peer, wire, failure)
    else if (!wire.isHeld) succeed(wire)
  }

  return {
    send: (peer, message) => new Observable((subscriber) => { write(peer, message, subscriber) }),
    open (peer) { wireOf(peer).isOpen = true },
    close (peer) {
      const wire = wireOf(peer)
      wires.delete(peerKey(peer))
      wire.isOpen = false
      fail(peer, wire, new Error('the connection closed'))
    },
    hold (peer) { wireOf(peer).isHeld = true },
    release (peer, once) {
      const wire = wireOf(peer)
      wire.isHeld = once === 'once'
      succeed(wire)
    },
    failWrite (peer, error = new Error('the stream was reset')) {
      const wire = wireOf(peer)
      if (wire.write === undefined) wire.failure = error
      else fail(peer, wire, error)
    },
  }
}

const overlap = (peer: PeerId): Error =>
  new Error(`A second message to ${peer} began during a write`)

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
