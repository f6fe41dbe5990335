import type { Clock } from '../../ports.ts'
import type { Item } from '../marble/items.ts'
import { laneText } from '../marble/lanes.ts'
import type { LaneName } from '../marble/lanes.ts'

/** One thing that happened in a run. */
export interface Happening {
  readonly lane: LaneName
  /** `laneText` of the lane. */
  readonly key: string
  readonly tick: number
  readonly item: Item
  /** The document made it happen. */
  readonly driven: boolean
}

/** All that happened, in order. */
export interface RunLog {
  readonly happenings: readonly Happening[]
  driven(lane: LaneName, item: Item): void
  /** The node did it. */
  done(lane: LaneName, item: Item): void
}

/** Fractions of a tick that are only the rounding of its length. */
const ROUNDING = 1e-6

/** What happens between two ticks belongs to the later one, whose inputs come after it. */
export const runLog = (clock: Pick<Clock, 'now'>, tickMs: number): RunLog => {
  const happenings: Happening[] = []
  const add = (lane: LaneName, item: Item, driven: boolean): void => {
    const tick = Math.ceil(clock.now() / tickMs - ROUNDING)
    happenings.push({ lane, key: laneText(lane), tick, item, driven })
  }
  return {
    happenings,
    driven (lane, item) { add(lane, item, true) },
    done (lane, item) { add(lane, item, false) },
  }
}
