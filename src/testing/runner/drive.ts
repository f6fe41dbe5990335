import { InvalidMessageError } from '../../errors.ts'
import type { Position, ProtocolVersion } from '../marble/document.ts'
import type { FaultItem, Item, LinkItem, MessageItem, StoreItem } from '../marble/items.ts'
import { laneText } from '../marble/lanes.ts'
import type { Lane } from '../marble/lanes.ts'
import { appLane, sessionsOf } from './app-lane.ts'
import type { AppLane, WantPipeline } from './app-lane.ts'
import { messageOf } from './message-items.ts'
import type { Stage } from './stage.ts'

/** An input, and where it comes from. */
export interface Input {
  readonly lane: Lane
  readonly item: Item
  /** The one behind it in its cell. */
  readonly next: Item | undefined
  /** Where its cell stands. */
  readonly at?: Position
}

/** Makes inputs happen; `restarted` is called when one of them starts the node again. */
export const driver = (
  stage: Stage,
  want: WantPipeline,
  restarted: () => void,
): (input: Input) => void => {
  const deps = { stage, sessions: sessionsOf(stage), want }
  const apps = new Map<string, AppLane>()
  /** The version in which each peer came up last. */
  const versions = new Map(stage.document.peers.map(({ name, version }) => [name, version]))

  const appOf = (lane: Lane & { readonly kind: 'app' }): AppLane => {
    const key = laneText(lane)
    const app = apps.get(key) ?? appLane(deps, lane)
    apps.set(key, app)
    return app
  }

  return ({ lane, item, next }) => {
    stage.log.driven(lane, item)
    switch (lane.kind) {
      case 'app':
        appOf(lane).play(item as Parameters<AppLane['play']>[0])
        if (item.type === 'start') restarted()
        return
      case 'link':
        if (item.type === 'up') versions.set(lane.peer, versionOf(stage, lane.peer, item))
        return driveLink(stage, lane.peer, item as LinkItem, next)
      case 'in': {
        const version = versions.get(lane.peer)
        return driveMessage(stage, lane.peer, item as MessageItem | FaultItem, version)
      }
      case 'store': return driveStore(stage, item as StoreItem)
      default: throw new Error(`${laneText(lane)} is not driven`)
    }
  }
}

const driveLink = (stage: Stage, name: string, item: LinkItem, next: Item | undefined): void => {
  const { network, cast } = stage
  const peer = cast.peer(name)
  switch (item.type) {
    case 'up': return network.up(peer, versionOf(stage, name, item) === '1.2')
    case 'down': return network.down(peer)
    case 'busy': return network.hold(peer)
    case 'drained': return network.release(peer, next?.type === 'busy' ? 'once' : undefined)
    case 'write-failed': return network.failWrite(peer)
    case 'refuse': return network.refuse(peer)
    default: throw new Error(`${item.type} is not an input`)
  }
}

const versionOf = (
  { cast }: Stage,
  name: string,
  { version = cast.declaration(name).version }: LinkItem & { readonly type: 'up' },
): ProtocolVersion => version

const driveMessage = (
  { network, cast }: Stage,
  name: string,
  item: MessageItem | FaultItem,
  version: ProtocolVersion = '1.2',
): void => {
  const peer = cast.peer(name)
  if (item.type === 'fault') {
    network.fault(peer, new InvalidMessageError('the peer broke the protocol'))
  } else {
    network.receive(peer, messageOf(cast, item), `/ipfs/bitswap/${version}.0`)
  }
}

const driveStore = ({ store, cast, faults }: Stage, item: StoreItem): void => {
  if (item.type === 'put') store.add(cast.block(item.cid))
  else if (item.type === 'delete') store.remove(cast.block(item.cid).cid)
  else faults.play(item)
}
