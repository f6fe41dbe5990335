import type { Position } from './document.ts'
import { layGrid } from './grid.ts'
import type { GridRow, System } from './grid.ts'
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
  const system = systemAround(tick, tickMs, rows, width)
  const caret = (system?.offsets.get(tick) ?? 0)
    + firstDifference(expected.get(tick), actual.get(tick))
  const place = at === undefined ? file : `${file}:${at.line}:${at.column}`
  return [
    `${place}: ${laneText(lane)} differs at ${durationText(tick * tickMs)}`,
    ...(system?.lines.map(({ text }) => text) ?? []),
    `${' '.repeat(caret)}^`,
  ].join('\n')
}

/** Cells shown before a difference that is too far from the start to show them all. */
const CELLS_BEFORE = 5

const systemAround = (
  tick: number,
  tickMs: number,
  rows: readonly GridRow[],
  width: number,
): System | undefined => {
  const options = { width, endTick: 0, gapText: (ticks: number) => durationText(ticks * tickMs) }
  const [first] = layGrid(rows, options)
  if (first === undefined || first.offsets.has(tick)) return first
  const before = new Set(
    rows.flatMap(({ cells }) => [...cells.keys()].filter((cell) => cell < tick)),
  )
  const from = [...before].toSorted((a, b) => a - b).at(-CELLS_BEFORE) ?? 0
  return layGrid(
    rows.map(({ label, cells }) => ({ label, cells: cellsFrom(cells, from) })),
    options,
  )[0]
}

const cellsFrom = (cells: ReadonlyMap<number, string>, from: number): ReadonlyMap<number, string> =>
  new Map([...cells].filter(([tick]) => tick >= from))

const textsOf = (lane: Lane | undefined): ReadonlyMap<number, string> =>
  lane === undefined ? new Map() : cellTexts(lane)

/** The first character that differs; the first of all where the texts look the same. */
const firstDifference = (expected = '', actual = ''): number => {
  let common = 0
  while (common < expected.length && expected[common] === actual[common]) common += 1
  return common === expected.length && actual.length <= common ? 0 : common
}
