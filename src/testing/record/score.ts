import type { Cell, Item } from '../marble/items.ts'
import { laneText } from '../marble/lanes.ts'
import type { Lane, LaneKind, LaneName } from '../marble/lanes.ts'

/** Lanes as they fill up. */
export interface Score {
  /** Something that the world did. Each run of code in which it did anything has its own tick. */
  driven(at: number, lane: LaneName, ...items: readonly Item[]): void
  /** The same, in a tick after what the run of code began with. */
  drivenNext(at: number, lane: LaneName, ...items: readonly Item[]): void
  /** Something that the node did, in the run of code that is recorded. */
  done(lane: LaneName, item: Item): void
  readonly lanes: readonly Lane[]
  readonly ticks: number
}

export interface ScoreDeps {
  /** Called once in a run of code that does something: `ended` is to be called when it is over. */
  readonly soon: (ended: () => void) => void
  readonly tickMs: number
}

export const score = ({ soon, tickMs }: ScoreDeps): Score => {
  const lanes = new Map<string, { readonly name: LaneName, readonly cells: Map<number, Item[]> }>()
  let start: number | undefined
  let tick = 0
  let isRunning = false

  const put = (name: LaneName, item: Item): void => {
    const key = laneText(name)
    const lane = lanes.get(key) ?? { name, cells: new Map<number, Item[]>() }
    lanes.set(key, lane)
    const items = lane.cells.get(tick)
    if (items === undefined) lane.cells.set(tick, [item])
    else items.push(item)
  }

  /** Two ticks stay two within one millisecond: what they cause may leave in two messages. */
  const turn = (at: number): void => {
    start ??= at
    tick = Math.max(tick + 1, Math.round((at - start) / tickMs))
    if (isRunning) return
    isRunning = true
    soon(() => { isRunning = false })
  }

  return {
    driven (at, lane, ...items) {
      if (!isRunning) turn(at)
      for (const item of items) put(lane, item)
    },
    drivenNext (at, lane, ...items) {
      turn(at)
      for (const item of items) put(lane, item)
    },
    done: put,
    get lanes () {
      return Array.from(lanes.values(), ({ name, cells }) => laneOf(name, cells)).sort(inOrder)
    },
    get ticks () { return tick + 1 },
  }
}

const laneOf = (name: LaneName, cells: ReadonlyMap<number, readonly Item[]>): Lane => {
  const written: Cell[] = Array.from(cells, ([tick, items]) => ({ tick, items }))
  return { ...name, cells: written } as Lane
}

/** Causes before effects: in one tick, a replay drives the lanes as they stand. */
const ORDER: readonly LaneKind[] = ['link', 'in', 'store', 'app', 'out']

const inOrder = (a: Lane, b: Lane): number => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind)
