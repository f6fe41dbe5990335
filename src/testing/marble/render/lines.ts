import type { MarbleDocument } from '../document.ts'
import type { LinkItem } from '../items.ts'
import type { Lane } from '../lanes.ts'
import type { LaidSystem, Layout } from './layout.ts'

/** What the line of a lane looks like: connected, with a write in flight, or not connected. */
export type LineState = 'open' | 'busy' | 'down'

export interface Segment {
  readonly fromX: number
  readonly toX: number
  readonly state: LineState
  /** Time was left out here. */
  readonly isGap: boolean
}

/** The line of a row through a system, from `startX` to `lastX`. */
export const segmentsOf = (
  document: MarbleDocument,
  { lane }: Layout['rows'][number],
  { columns, after }: LaidSystem,
  startX: number,
  lastX: number,
): readonly Segment[] => {
  const stateAt = lineStateOf(document, lane)
  const segments: Segment[] = []
  let [fromX, state] = [startX, stateAt(after)]
  const draw = (toX: number, isGap = false): void => {
    if (toX > fromX) segments.push({ fromX, toX, state, isGap })
    fromX = toX
  }
  for (const { x, turnX, endX, tick, isAfterGap } of columns) {
    draw(x, isAfterGap)
    draw(turnX)
    state = stateAt(tick)
    draw(endX)
  }
  draw(lastX)
  return segments
}

/** The state from a tick on, that tick's events included; `undefined`: before the first. */
const lineStateOf = (
  { lanes, peers }: MarbleDocument,
  lane: Lane | undefined,
): ((tick: number | undefined) => LineState) => {
  if (lane?.kind !== 'link' && lane?.kind !== 'in' && lane?.kind !== 'out') return () => 'open'
  const start = peers.find(({ name }) => name === lane.peer)?.connected === false ? 'down' : 'open'
  const link = lanes.find((other) => other.kind === 'link' && other.peer === lane.peer)
  const cells = link?.kind === 'link' ? link.cells : []
  return (tick) => {
    const items = cells
      .filter((cell) => tick !== undefined && cell.tick <= tick)
      .flatMap((cell) => cell.items)
    const state = items.reduce(stateAfter, start)
    return state === 'busy' && lane.kind === 'in' ? 'open' : state
  }
}

const stateAfter = (state: LineState, { type }: LinkItem): LineState => {
  switch (type) {
    case 'busy': return 'busy'
    case 'drained': case 'up': return 'open'
    case 'down': return 'down'
    default: return state
  }
}
