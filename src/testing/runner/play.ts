import { isInput } from '../marble/direction.ts'
import type { MarbleDocument } from '../marble/document.ts'
import type { Cell } from '../marble/items.ts'
import type { WantPipeline } from './app-lane.ts'
import { driver } from './drive.ts'
import type { Input } from './drive.ts'
import { eventItem } from './event-items.ts'
import { ImpossibleInput } from './impossible-input.ts'
import type { Happening } from './run-log.ts'
import type { MarbleFailure } from './run-marble.ts'
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

/** What a run showed. */
export interface Performance {
  readonly happenings: readonly Happening[]
  /** Inputs that cannot be where they stand. They were left out. */
  readonly impossible: readonly MarbleFailure[]
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
  const pipeline = options.want?.(stage) ?? plainWant
  const impossible: MarbleFailure[] = []
  const drive = leavingOut(impossible, driver(stage, pipeline, follow))
  const score = inputsByTick(document)
  follow()

  const ticks = ticksOf(document)
  for (let tick = 0; tick < ticks; tick++) {
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
  // A pipeline may go on while it is listened to; a plain want ends with the node.
  if (options.want !== undefined) stage.audience.unsubscribe()
  stage.watching.unsubscribe()
  return { happenings: heard, impossible, timersLeft: clock.pending }
}

type Drive = ReturnType<typeof driver>

/** Notes the inputs that are impossible, and goes on without them. */
const leavingOut = (impossible: MarbleFailure[], drive: Drive): Drive => (input) => {
  try {
    drive(input)
  } catch (error) {
    if (!(error instanceof ImpossibleInput)) throw error
    impossible.push({ problem: error.message, ...input.at !== undefined && { at: input.at } })
  }
}

/** The run goes on for as long as an output may be late. */
const ticksOf = ({ lanes, ticks }: MarbleDocument): number => {
  const cells = lanes.flatMap((lane) => lane.cells as readonly Cell[])
  return cells.reduce((last, { tick, items }) =>
    Math.max(last, ...items.map(({ tolerance = 0 }) => tick + tolerance + 1)), ticks)
}

/** What the document does, tick by tick, in the order of its lanes. */
export const inputsByTick = ({ lanes }: MarbleDocument): ReadonlyMap<number, readonly Input[]> => {
  const score = new Map<number, Input[]>()
  for (const lane of lanes) {
    for (const { tick, items, at } of lane.cells as readonly Cell[]) {
      const inputs = items.filter((item) => isInput(lane, item))
      const row = inputs.map((item, place) =>
        ({ lane, item, next: inputs[place + 1], ...at !== undefined && { at } }))
      score.set(tick, [...score.get(tick) ?? [], ...row])
    }
  }
  return score
}

const plainWant: WantPipeline = (asking, cid, options) => asking.want(cid, options)

const watchEvents = ({ document, exchange, cast, log, watching }: Stage): void => {
  if (!watchedLanes(document).some(({ kind }) => kind === 'events')) return
  watching.add(exchange.event$.subscribe((event) => {
    log.done({ kind: 'events' }, eventItem(cast, event))
  }))
}
