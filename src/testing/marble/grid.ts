/** Rows of cells as text in aligned columns: the layout of files and of differences. */

/** One row: a label, and what stands at which tick. */
export interface GridRow {
  readonly label: string
  readonly cells: ReadonlyMap<number, string>
}

/** As much of the rows as fits the width: one line for each. */
export interface System {
  /** The tick at which its lines begin. */
  readonly startTick: number
  readonly lines: readonly GridLine[]
  /** Where the cell of a tick stands in a line, counted from 0. */
  readonly offsets: ReadonlyMap<number, number>
}

export interface GridLine {
  readonly text: string
  /** Nothing but the label. */
  readonly isBlank: boolean
}

export interface GridOptions {
  /** Characters of a line; a column that is wider alone is not cut. */
  readonly width: number
  /** A silence of so many ticks, two or more. */
  readonly gapText: (ticks: number) => string
  /** The run ends before this tick: a silence at the end stands in the first row. */
  readonly endTick: number
}

interface Column {
  readonly tick: number
  /** The silence before it; empty where the cells touch. */
  readonly gap: string
  readonly cellWidth: number
}

const SPACE = '  '

export const layGrid = (rows: readonly GridRow[], options: GridOptions): readonly System[] => {
  const labelWidth = Math.max(0, ...rows.map(({ label }) => label.length))
  const columns = columnsOf(rows, options)
  const pages = breakColumns(columns, options.width - labelWidth)
  return pages.map((page, i) => {
    const lastTick = page.at(-1)?.tick
    const tail =
      i < pages.length - 1
        ? ''
        : silence(options.endTick - (lastTick ?? 0), lastTick !== undefined, options)
    return setSystem(rows, labelWidth, page, i === 0, tail)
  })
}

const columnsOf = (rows: readonly GridRow[], options: GridOptions): readonly Column[] => {
  const widths = new Map<number, number>()
  for (const { cells } of rows) {
    for (const [tick, text] of cells) widths.set(tick, Math.max(widths.get(tick) ?? 1, text.length))
  }
  const ticks = [...widths].toSorted(([a], [b]) => a - b)
  return ticks.map(([tick, cellWidth], i) => {
    const before = ticks[i - 1]?.[0]
    return { tick, cellWidth, gap: silence(tick - (before ?? 0), before !== undefined, options) }
  })
}

/** What stands between a cell, or the start, and what comes so many ticks later. */
const silence = (ticks: number, behindCell: boolean, { gapText }: GridOptions): string => {
  const empty = behindCell ? ticks - 1 : ticks
  if (empty <= 0) return ''
  return empty === 1 ? '-' : gapText(ticks)
}

const breakColumns = (
  columns: readonly Column[],
  width: number,
): readonly (readonly Column[])[] => {
  const pages: Column[][] = [[]]
  let used = 0
  for (const column of columns) {
    const size = widthOf(column)
    const page = pages.at(-1)
    if (page === undefined || (page.length > 0 && used + size > width)) {
      // Nothing comes before the first cell of a system: its line says when it begins.
      pages.push([{ ...column, gap: '' }])
      used = column.cellWidth + SPACE.length
    } else {
      page.push(column)
      used += size
    }
  }
  return pages
}

const widthOf = ({ gap, cellWidth }: Column): number =>
  SPACE.length + cellWidth + (gap === '' ? 0 : SPACE.length + gap.length)

const setSystem = (
  rows: readonly GridRow[],
  labelWidth: number,
  columns: readonly Column[],
  isFirst: boolean,
  tail: string,
): System => {
  const offsets = new Map<number, number>()
  let offset = labelWidth
  for (const column of columns) {
    offset += widthOf(column)
    offsets.set(column.tick, offset - column.cellWidth)
  }
  const lines = rows.map((row, i): GridLine => {
    const text = setLine(row, labelWidth, columns, i === 0 ? tail : '')
    return { text, isBlank: text === row.label }
  })
  return { startTick: isFirst ? 0 : columns[0]?.tick ?? 0, lines, offsets }
}

/** Empty cells fill a line as far as something follows. */
const setLine = (
  { label, cells }: GridRow,
  labelWidth: number,
  columns: readonly Column[],
  tail: string,
): string => {
  const end =
    tail === '' ? columns.findLastIndex(({ tick }) => cells.has(tick)) + 1 : columns.length
  const parts = columns
    .slice(0, end)
    .flatMap(({ tick, gap, cellWidth }) => [
      ...(gap === '' ? [] : [gap]),
      (cells.get(tick) ?? '-').padEnd(cellWidth),
    ])
  return [label.padEnd(labelWidth), ...parts, ...(tail === '' ? [] : [tail])].join(SPACE).trimEnd()
}
