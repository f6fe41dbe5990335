import { InvalidMessageError } from '../../errors.ts'
import type { ProtocolVersion } from '../marble/document.ts'
import type { FaultItem, Item, LinkItem, MessageItem } from '../marble/items.ts'
import { ImpossibleInput } from './impossible-input.ts'
import { messageOf } from './message-items.ts'
import type { Stage } from './stage.ts'

/** The links of a run, as a document plays them. */
export interface Links {
  /** `next` stands behind the item in its cell. */
  play(peer: string, item: LinkItem, next: Item | undefined): void
  /** The peer sends something. */
  hear(peer: string, item: MessageItem | FaultItem): void
}

export const linksOf = ({ document, network, cast }: Stage): Links => {
  const connected = document.peers.filter(({ connected }) => connected)
  /** The version in which each peer that is connected came up. */
  const versions = new Map(connected.map(({ name, version }) => [name, version]))
  const held = new Set<string>()

  const up = (name: string, version: ProtocolVersion): void => {
    if (versions.has(name)) throw new ImpossibleInput(`${name} is up already`)
    versions.set(name, version)
    network.up(cast.peer(name), version === '1.2')
  }

  const down = (name: string): void => {
    if (!versions.delete(name)) throw new ImpossibleInput(`${name} is not up`)
    held.delete(name)
    network.down(cast.peer(name))
  }

  const drain = (name: string, isNextHeld: boolean): void => {
    const why = `no write to ${name} stays in flight here: } comes after {`
    if (!held.delete(name)) throw new ImpossibleInput(why)
    network.release(cast.peer(name), isNextHeld ? 'once' : undefined)
  }

  return {
    play (name, item, next) {
      const peer = cast.peer(name)
      switch (item.type) {
        case 'up': return up(name, item.version ?? cast.declaration(name).version)
        case 'down': return down(name)
        case 'busy':
          held.add(name)
          return network.hold(peer)
        case 'drained': return drain(name, next?.type === 'busy')
        case 'write-failed': return network.failWrite(peer)
        case 'refuse': return network.refuse(peer)
        default: throw new Error(`${item.type} is not an input`)
      }
    },
    hear (name, item) {
      const version = versions.get(name)
      if (version === undefined) throw new ImpossibleInput(`${name} is not up: nobody hears it`)
      const peer = cast.peer(name)
      if (item.type === 'fault') {
        network.fault(peer, new InvalidMessageError('the peer broke the protocol'))
      } else {
        network.receive(peer, messageOf(cast, item), `/ipfs/bitswap/${version}.0`)
      }
    },
  }
}
