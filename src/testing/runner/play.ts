import { InvalidMessageError } from '../../errors.ts'
import type { Cell, FaultItem, Item, LinkItem, MessageItem, StoreItem } from '../marble/items.ts'
import type { Lane } from '../marble/lanes.ts'
import { laneText } from '../marble/lanes.ts'
import type { MarbleDocument } from '../marble/document.ts'
import { appLane, sessionsOf } from './app-lane.ts'
import type { AppLane, WantPipeline } from './app-lane.ts'
import { eventItem } from './event-items.ts'
import { isInput } from '../marble/direction.ts'
import { messageOf } from './message-items.ts'
import type { Happening } from './run-log.ts'
import { setStage } from './stage.ts'
import type { ExchangeFactory, Stage } from './stage.ts'
import { states } from './states.ts'
import { watchedLanes } from './watched.ts'

export interface PlayOptions {
  /** Makes the node. Default: `createExchange`. */
  readonly exchange?: ExchangeFactory
  /** What `^x` subscribes to. Default: `asking.want(cid, options)`. */
  readonly want?: (stage: Pick<Stage, 'clock'>) => WantPipeline
  /** The order in which the inputs of a tick are driven; as they stand, by default. */
  readonly inOrder?: (tick: number, inputs: readonly Input[]) => readonly Input[]
}

/** An input, and where it comes from. */
export interface Input {
  readonly lane: Lane
  readonly item: Item
  /** The one behind it in its cell. */
  readonly next: Item | undefined
}

/** What a run showed. */
export interface Performance {
  readonly happenings: readonly Happening[]
  /** Timers that were left when the node had stopped. */
  readonly timersLeft: number
}

/** A node has this long to stop, in ms. */
const STOP_MS = 2_000

/**
 * Plays a document: within a tick first what the clock has due, then the inputs, lane by lane as
 * they stand, then everything that follows at once, then a look at the states.
 */
export const play = (document: MarbleDocument, options: PlayOptions = {}): Performance => {
  const stage = setStage(document, options.exchange)
  const { clock, exchange, log } = stage
  const state = states(stage)
  // A node that is stopped and started again has new streams.
  const follow = (): void => {
    state.follow()
    watchEvents(stage)
  }
  const drive = driver(stage, options, follow)
  const score = inputsByTick(document)
  follow()

  for (let tick = 0; tick < document.ticks; tick++) {
    clock.advanceTo(tick * document.tickMs)
    const inputs = score.get(tick) ?? []
    for (const input of options.inOrder?.(tick, inputs) ?? inputs) drive(input)
    // The `soon` queue, and timers that are due at once.
    clock.advance(0)
    state.sample()
  }
  const { happenings } = log
  const heard = happenings.slice()
  void exchange.stop()
  clock.advance(STOP_MS)
  stage.watching.unsubscribe()
  return { happenings: heard, timersLeft: clock.pending }
}

/** What the document does, tick by tick, in the order of its lanes. */
export const inputsByTick = ({ lanes }: MarbleDocument): ReadonlyMap<number, readonly Input[]> => {
  const score = new Map<number, Input[]>()
  for (const lane of lanes) {
    for (const { tick, items } of lane.cells as readonly Cell[]) {
      const inputs = items.filter((item) => isInput(lane, item))
      const row = inputs.map((item, place) => ({ lane, item, next: inputs[place + 1] }))
      score.set(tick, [...score.get(tick) ?? [], ...row])
    }
  }
  return score
}

const driver = (
  stage: Stage,
  { want = () => plainWant }: PlayOptions,
  restarted: () => void,
): (input: Input) => void => {
  const deps = { stage, sessions: sessionsOf(stage), want: want(stage) }
  const apps = new Map<string, AppLane>()

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
      case 'link': return driveLink(stage, lane.peer, item as LinkItem, next)
      case 'in': return driveMessage(stage, lane.peer, item as MessageItem | FaultItem)
      case 'store': return driveStore(stage, item as StoreItem)
      default: throw new Error(`${laneText(lane)} is not driven`)
    }
  }
}

const plainWant: WantPipeline = (asking, cid, options) => asking.want(cid, options)

const driveLink = (stage: Stage, name: string, item: LinkItem, next: Item | undefined): void => {
  const { network, cast } = stage
  const peer = cast.peer(name)
  switch (item.type) {
    case 'up': return network.up(peer, (item.version ?? cast.declaration(name).version) === '1.2')
    case 'down': return network.down(peer)
    case 'busy': return network.hold(peer)
    case 'drained': return network.release(peer, next?.type === 'busy' ? 'once' : undefined)
    case 'write-failed': return network.failWrite(peer)
    case 'refuse': return network.refuse(peer)
    default: throw new Error(`${item.type} is not an input`)
  }
}

const driveMessage = (
  { network, cast }: Stage,
  name: string,
  item: MessageItem | FaultItem,
): void => {
  const peer = cast.peer(name)
  if (item.type === 'fault') {
    network.fault(peer, new InvalidMessageError('the peer broke the protocol'))
  } else {
    const { version } = cast.declaration(name)
    network.receive(peer, messageOf(cast, item), `/ipfs/bitswap/${version}.0`)
  }
}

const driveStore = ({ store, cast, faults }: Stage, item: StoreItem): void => {
  if (item.type === 'put') store.add(cast.block(item.cid))
  else if (item.type === 'delete') store.remove(cast.block(item.cid).cid)
  else faults.play(item)
}

const watchEvents = ({ document, exchange, cast, log, watching }: Stage): void => {
  if (!watchedLanes(document).some(({ kind }) => kind === 'events')) return
  watching.add(exchange.event$.subscribe((event) => {
    log.done({ kind: 'events' }, eventItem(cast, event))
  }))
}
