import type { MarbleDocument } from '../marble/document.ts'
import type { Cell, Item } from '../marble/items.ts'
import { laneText } from '../marble/lanes.ts'
import type { Lane, LaneName } from '../marble/lanes.ts'
import type { Position } from '../marble/document.ts'
import { isInput } from '../marble/direction.ts'
import { matches } from './matches.ts'
import type { Happening } from './run-log.ts'
import { nameOf } from './watched.ts'

/** An output where it stands. */
export interface Placed {
  readonly tick: number
  readonly item: Item
  readonly at?: Position
}

/** The first thing in a lane that is not as written. */
export interface Difference {
  readonly lane: LaneName
  readonly expected: Placed | undefined
  readonly actual: Placed | undefined
}

/** Lanes of these kinds are compared only where they are written. */
const OPTIONAL: ReadonlySet<LaneName['kind']> = new Set(['calls', 'wants', 'ledger', 'events'])
const OUTPUTS: ReadonlySet<LaneName['kind']> = new Set(['app', 'link', 'out', ...OPTIONAL])

/** The first difference of each lane that is compared, in the order of the lanes. */
export const compare = (
  document: MarbleDocument,
  happenings: readonly Happening[],
): readonly Difference[] =>
  comparedLanes(document, happenings).flatMap((lane) => {
    const expected = expectedIn(document, lane)
    const actual = actualIn(document, lane, happenings)
    for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
      const pair = { expected: expected[i], actual: actual[i] }
      if (!agrees(pair.expected, pair.actual, document.mode)) return [{ lane, ...pair }]
    }
    return []
  })

/** Those that are written, and those in which something happened all the same. */
export const comparedLanes = (
  { lanes, ignored }: MarbleDocument,
  happenings: readonly Happening[],
): readonly LaneName[] => {
  const silent = new Set(ignored.map(({ lane }) => laneText(lane)))
  const surprising = happenings.filter(({ driven, lane }) => !driven && !OPTIONAL.has(lane.kind))
  const all = new Map([...lanes, ...surprising.map(({ lane }) => lane)]
    .filter(({ kind }) => OUTPUTS.has(kind))
    .map((lane) => [laneText(lane), nameOf(lane)]))
  return [...all].filter(([key]) => !silent.has(key)).map(([, lane]) => lane)
}

/** What is written, of what the node is to do. */
export const expectedIn = (
  { lanes }: Pick<MarbleDocument, 'lanes'>,
  name: LaneName,
): readonly Placed[] => {
  const lane = lanes.find((lane) => laneText(lane) === laneText(name))
  if (lane === undefined) return []
  const placed = (lane.cells as readonly Cell[]).flatMap(({ tick, items, at }) => items
    .filter((item) => !isInput(lane, item))
    .map((item) => ({ tick, item, ...(at !== undefined && { at }) })))
  return isState(lane) ? changes(placed) : placed
}

/** What the node did, of what is compared. */
export const actualIn = (
  document: Pick<MarbleDocument, 'lanes' | 'mode'>,
  name: LaneName,
  happenings: readonly Happening[],
): readonly Placed[] => {
  const key = laneText(name)
  const lane = document.lanes.find((lane) => laneText(lane) === key)
  const isMentioned = lane?.kind === 'events' ? eventsIn(lane) : () => true
  const done = happenings.filter((happening) =>
    !happening.driven && happening.key === key && isMentioned(happening.item))
  return isState(name) ? news(expectedIn(document, name), done, document.mode) : done
}

export const agrees = (
  expected: Placed | undefined,
  actual: Placed | undefined,
  mode: MarbleDocument['mode'],
): boolean => {
  if (expected === undefined || actual === undefined) return expected === actual
  const { tolerance = 0 } = expected.item
  const inTime = mode === 'order' || Math.abs(expected.tick - actual.tick) <= tolerance
  return inTime && matches(expected.item, actual.item)
}

const isState = ({ kind }: LaneName): boolean => kind === 'wants' || kind === 'ledger'

/** A state holds until the next one: a cell that repeats it says nothing new. */
const changes = (placed: readonly Placed[]): readonly Placed[] =>
  placed.filter(({ item }, i) => {
    const before = placed[i - 1]
    if (before === undefined) return !isNothing(item)
    return !matches(before.item, item) || !matches(item, before.item)
  })

/** A change of what is not written, such as a priority, leaves a state what it was. */
const news = (
  expected: readonly Placed[],
  actual: readonly Placed[],
  mode: MarbleDocument['mode'],
): readonly Placed[] => {
  let next = 0
  return actual.filter((state) => {
    const before = expected[next - 1]
    const isOld = !agrees(expected[next], state, mode)
      && before !== undefined && matches(before.item, state.item)
    if (!isOld) next += 1
    return !isOld
  })
}

/** What a state is before the first cell of its lane. */
const isNothing = (item: Item): boolean =>
  (item.type === 'message' && item.entries.length === 0)
  || (item.type === 'ledger' && item.sentBytes === 0 && item.receivedBytes === 0)

const eventsIn = (lane: Lane & { readonly kind: 'events' }): ((item: Item) => boolean) => {
  const names = new Set(lane.cells.flatMap(({ items }) => items.map(({ name }) => name)))
  return (item) => item.type === 'event' && names.has(item.name)
}
