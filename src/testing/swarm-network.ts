import type { PeerId } from '@libp2p/interface'
import { Observable, Subject } from 'rxjs'
import { DialError, SendError } from '../errors.ts'
import { peerKey } from '../message/keys.ts'
import type { PeerKey } from '../message/keys.ts'
import type { OutgoingMessage } from '../message/message.ts'
import type { Clock, Network } from '../ports.ts'
import { asReceived } from './simulated-message.ts'
import { simulatedEnd, targetKey } from './simulated-network.ts'
import type { SimulatedEnd } from './simulated-network.ts'
import { simulatedPipe } from './simulated-pipe.ts'
import type { LinkOptions, Pipe } from './simulated-pipe.ts'

/** A message that reached its receiver. */
export interface Transmission {
  readonly from: PeerId
  readonly to: PeerId
  readonly message: OutgoingMessage
  readonly byteLength: number
}

/** Many nodes on one virtual clock. */
export interface SwarmNetwork {
  /** A node's own `Network`. Once for each peer. */
  join(peer: PeerId): Network
  /** Connects two nodes, both ways alike; nothing if they are connected. */
  link(a: PeerId, b: PeerId, options?: Partial<LinkOptions>): void
  /** Cuts the link: what is on the way is lost, writes fail, both nodes see the other go. */
  unlink(a: PeerId, b: PeerId): void
  /** The node dies: every link of it is cut and its streams complete. */
  leave(peer: PeerId): void
  /** Every message read by its receiver, just before it is. Hot. */
  readonly transmission$: Observable<Transmission>
}

export interface SwarmOptions {
  readonly clock: Clock
  /** What links are like, those made by `connect` too. */
  readonly link?: Partial<LinkOptions>
}

interface Node {
  readonly peer: PeerId
  readonly end: SimulatedEnd
  readonly pipes: Map<PeerKey, Pipe>
}

/** Links `Network`s to each other. Messages keep their order on each link; nothing else does. */
export const swarmNetwork = ({ clock, link: defaults = {} }: SwarmOptions): SwarmNetwork => {
  const nodes = new Map<PeerKey, Node>()
  const transmission$ = new Subject<Transmission>()

  const nodeOf = (peer: PeerId): Node => {
    const node = nodes.get(peerKey(peer))
    if (node === undefined) throw new Error(`${peer} has not joined the swarm`)
    return node
  }

  const pipeTo = (from: Node, to: Node, options: Partial<LinkOptions>): Pipe =>
    simulatedPipe({ clock, ...defaults, ...options }, (message, byteLength, onRead) => {
      const { peer } = from
      to.end.receive({ type: 'message', peer, message: asReceived(message), byteLength }, () => {
        onRead()
        transmission$.next({ from: peer, to: to.peer, message, byteLength })
      })
    })

  const link = (a: Node, b: Node, options: Partial<LinkOptions> = {}): void => {
    if (a.pipes.has(peerKey(b.peer))) return
    // One of them may link anew as it hears of a cut, before the other has heard.
    a.end.down(b.peer)
    b.end.down(a.peer)
    a.pipes.set(peerKey(b.peer), pipeTo(a, b, options))
    b.pipes.set(peerKey(a.peer), pipeTo(b, a, options))
    a.end.up(b.peer, true)
    // Who hears of the link may cut it at once.
    if (a.pipes.has(peerKey(b.peer))) b.end.up(a.peer, true)
  }

  const takePipe = (from: Node, to: Node): Pipe | undefined => {
    const pipe = from.pipes.get(peerKey(to.peer))
    from.pipes.delete(peerKey(to.peer))
    return pipe
  }

  const unlink = (a: Node, b: Node): void => {
    const [there, back] = [takePipe(a, b), takePipe(b, a)]
    there?.close(new SendError(b.peer, 1, new Error('the connection closed')))
    back?.close(new SendError(a.peer, 1, new Error('the connection closed')))
    a.end.down(b.peer)
    if (!a.pipes.has(peerKey(b.peer))) b.end.down(a.peer)
  }

  const networkOf = (node: Node): Network => ({
    ...node.end,
    send: (peer, message) => new Observable((subscriber) => {
      const pipe = node.pipes.get(peerKey(peer))
      if (pipe === undefined) subscriber.error(new SendError(peer, 1, new Error('not connected')))
      else pipe.write(message, subscriber)
    }),
    connect: (target) => new Observable<PeerId>((subscriber) => {
      const other = nodes.get(targetKey(target))
      if (other === undefined) throw new DialError(target.toString(), new Error('nobody is there'))
      link(node, other)
      subscriber.next(other.peer)
      subscriber.complete()
    }),
  })

  return {
    join (peer) {
      const node: Node = { peer, end: simulatedEnd(clock), pipes: new Map() }
      nodes.set(peerKey(peer), node)
      return networkOf(node)
    },
    link: (a, b, options) => { link(nodeOf(a), nodeOf(b), options) },
    unlink: (a, b) => { unlink(nodeOf(a), nodeOf(b)) },
    leave (peer) {
      const node = nodeOf(peer)
      for (const key of [...node.pipes.keys()]) {
        const other = nodes.get(key)
        if (other !== undefined) unlink(node, other)
      }
      nodes.delete(peerKey(peer))
      node.end.stop()
    },
    transmission$: transmission$.asObservable(),
  }
}
