import { multihashKey } from '../../message/keys.ts'
import type { Position } from '../marble/document.ts'
import type { FaultItem, Item, LinkItem, MessageItem, StoreItem } from '../marble/items.ts'
import { laneText } from '../marble/lanes.ts'
import type { Lane } from '../marble/lanes.ts'
import { appLane } from './app-lane.ts'
import type { AppLane, WantPipeline } from './app-lane.ts'
import { ImpossibleInput } from './impossible-input.ts'
import { linksOf } from './links.ts'
import { sessionsOf } from './sessions.ts'
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
  const links = linksOf(stage)

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
      case 'link': return links.play(lane.peer, item as LinkItem, next)
      case 'in': return links.hear(lane.peer, item as MessageItem | FaultItem)
      case 'store': return driveStore(stage, item as StoreItem)
      default: throw new Error(`${laneText(lane)} is not driven`)
    }
  }
}

const driveStore = ({ store, cast, faults }: Stage, item: StoreItem): void => {
  switch (item.type) {
    case 'put': return store.add(cast.block(item.cid))
    case 'delete': {
      const { cid } = cast.block(item.cid)
      if (store.blocks.has(multihashKey(cid))) return store.remove(cid)
      throw new ImpossibleInput(`${item.cid} is not in the store`)
    }
    default: return faults.play(item)
  }
}
