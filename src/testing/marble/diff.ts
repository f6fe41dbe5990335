import type { Position } from './document.ts'
import { layGrid } from './grid.ts'
import type { System } from './grid.ts'
import { laneText } from './lanes.ts'
import type { Lane, LaneName } from './lanes.ts'
import { durationText } from './quantities.ts'
import { cellTexts } from './write-lanes.ts'

/** A lane that did not go as written. */
export interface LaneDifference {
  readonly lane: LaneName
  /** The tick at which it first differs. */
  readonly tick: number
  readonly tickMs: number
  /** The lane as it is written; absent: it is not, and silence was expected. */
  readonly expected: Lane | undefined
  /** The lane as it went; absent: nothing happened in it. */
  readonly actual: Lane | undefined
  readonly file: string
  /** Where the expectation stands. */
  readonly at?: Position
}

/**
 * The expected and the actual row in the same columns, a caret under the first difference, the file
 * and line above. Of a long lane, the part around the difference.
 */
export const diffRows = (difference: LaneDifference, width = 100): string => {
  const { lane, tick, tickMs, file, at = difference.expected?.at } = difference
  const expected = textsOf(difference.expected)
  const actual = textsOf(difference.actual)
  const rows = [{ label: '  expected', cells: expected }, { label: '  actual', cells: actual }]
  const systems = layGrid(rows, { width, endTick: 0, gapText: (ticks) => durationText(ticks * tickMs) })
  const system = systems.findLast(({ offsets }) => offsets.has(tick)) ?? systems[0]
  const place = at === undefined ? file : `${file}:${at.line}:${at.column}`
  return [
    `${place}: ${laneText(lane)} differs at ${durationText(tick * tickMs)}`,
    ...system === undefined ? [] : rowsOf(system, systems, tickMs),
    ' '.repeat(caretOffset(system, tick, expected, actual)) + '^',
  ].join('\n')
}

const textsOf = (lane: Lane | undefined): ReadonlyMap<number, string> =>
  lane === undefined ? new Map() : cellTexts(lane)

const rowsOf = (system: System, systems: readonly System[], tickMs: number): readonly string[] => [
  ...system === systems[0] ? [] : [`  at ${durationText(system.startTick * tickMs)}`],
  ...system.lines.map(({ text }) => text),
]

/** Under the first character that differs; under the cell when the rows look the same. */
const caretOffset = (
  system: System | undefined,
  tick: number,
  expected: ReadonlyMap<number, string>,
  actual: ReadonlyMap<number, string>,
): number => {
  const [a = '', b = ''] = [expected.get(tick), actual.get(tick)]
  const common = [...a].findIndex((character, i) => character !== b[i])
  return (system?.offsets.get(tick) ?? 0) + Math.max(0, common < 0 && b.length > a.length ? a.length : common)
}
