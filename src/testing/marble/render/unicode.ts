import type { MarbleDocument } from '../document.ts'
import { laneText } from '../lanes.ts'
import { layPicture } from './layout.ts'
import type { Column, Metrics } from './columns.ts'
import type { LaidSystem, Layout } from './layout.ts'
import { segmentsOf } from './lines.ts'
import type { LineState } from './lines.ts'
import type { Group, Shape, Token } from './tokens.ts'

export interface UnicodeOptions {
  /** Characters of a line; what does not fit goes on below. Default 100. */
  readonly width?: number
}

const SIGNS: Record<Shape, string> = {
  'want-block': '□',
  block: '■',
  'want-have': '○',
  have: '●',
  'dont-have': '⊘',
  cancel: '✕',
  subscribe: '▷',
  unsubscribe: '◁',
  complete: '┃',
  error: '✖',
  put: '+',
  delete: '−',
  busy: '{',
  drained: '}',
}

const LINES: Record<LineState, string> = { open: '─', busy: '▒', down: ' ' }
const GAPS: Record<LineState, string> = { ...LINES, open: '╌' }
const NODE_LINES = ['━', '╍'] as const

/** A protocol marble as characters, for a terminal: no line is longer than `width`. */
export const renderUnicode = (
  document: MarbleDocument,
  { width = 100 }: UnicodeOptions = {},
): string => {
  const layout = layPicture(document, metricsOf(document, width))
  return layout.systems
    .map((system) =>
      [timesText(system), ...system.rows.map((row) => rowText(document, layout, system, row))]
        .map((line) => line.trimEnd())
        .join('\n'),
    )
    .join('\n\n')
}

const metricsOf = ({ lanes }: MarbleDocument, width: number): Metrics => ({
  group: (group) => groupText(group).length,
  text: (text) => text.length,
  space: 1,
  run: 2,
  step: 1,
  gap: 5,
  labelWidth: Math.max(2, ...lanes.map((lane) => laneText(lane).length)) + 1,
  width,
})

const tokenText = ({ shape, label }: Token): string =>
  `${shape === undefined ? '' : SIGNS[shape]}${label.replace('|', SIGNS.complete)}`

const groupText = ({ boxed, tokens }: Group): string => {
  const text = tokens.map(tokenText).join(' ')
  return boxed ? `[${text}]` : text
}

/** Characters of one line, written over each other. */
type Canvas = string[]

const write = (canvas: Canvas, x: number, text: string): void => {
  // Every sign of ours is one UTF-16 unit.
  for (let i = 0; i < text.length; i += 1) canvas[x + i] = text.charAt(i)
}

const timesText = ({ columns, endX }: LaidSystem): string => {
  const canvas: Canvas = Array.from({ length: endX }, () => ' ')
  for (const { x, time } of columns) write(canvas, x, time)
  return canvas.join('')
}

const rowText = (
  document: MarbleDocument,
  { rows, nodeRow, startX }: Layout,
  system: LaidSystem,
  index: number,
): string => {
  const row = rows[index]
  if (row === undefined) return ''
  const canvas: Canvas = []
  write(canvas, 0, row.label.padEnd(startX))
  for (const segment of segmentsOf(document, row, system, startX, system.endX + 1)) {
    const { fromX, toX, state, isGap } = segment
    const [line, gap] = index === nodeRow ? NODE_LINES : [LINES[state], GAPS[state]]
    // Time that was left out is drawn behind one character of line.
    write(canvas, fromX, isGap ? line + gap.repeat(toX - fromX - 1) : line.repeat(toX - fromX))
  }
  for (const column of system.columns) drawColumn(canvas, column, index, nodeRow)
  return canvas.join('')
}

const drawColumn = (canvas: Canvas, column: Column, row: number, nodeRow: number): void => {
  const { inX, outX, chips } = column
  if (inX !== undefined) write(canvas, inX, runText(column, 'in', row, nodeRow, canvas[inX] ?? ' '))
  if (outX !== undefined) write(
    canvas,
    outX,
    runText(column, 'out', row, nodeRow, canvas[outX] ?? ' '),
  )
  for (const chip of chips) {
    if (chip.row === row) write(canvas, chip.x, chip.groups.map(groupText).join(' '))
  }
}

/** The run of messages where it crosses a row: it ends at the last row that has one. */
const runText = (
  { chips }: Column,
  run: 'in' | 'out',
  row: number,
  nodeRow: number,
  line: string,
): string => {
  const rows = chips.filter((chip) => chip.run === run).map((chip) => chip.row)
  const last = Math.max(...rows)
  if (row === nodeRow) return run === 'in' ? '▲' : '┯'
  if (row < nodeRow || row > last) return line
  if (!rows.includes(row)) return '│'
  if (run === 'in') return row === last ? '╯' : '┤'
  return row === last ? '╰▶' : '├▶'
}
