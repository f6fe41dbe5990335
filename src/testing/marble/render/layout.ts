/**
 * Where everything stands in a picture, for any renderer: it brings the sizes. The node is a row of
 * its own; messages run between it and the rows below. In a column, what is driven stands left of
 * these runs and what the node does stands right, so that cause and effect read from left to right.
 */
import type { MarbleDocument } from '../document.ts'
import { laneText } from '../lanes.ts'
import type { Lane } from '../lanes.ts'
import { columnsOf, runOf } from './columns.ts'
import type { Column, LayAt, Metrics, Row } from './columns.ts'

/** As much of a picture as fits the width. */
export interface LaidSystem {
  readonly columns: readonly Column[]
  readonly endX: number
  /** The rows that are drawn: all in the first system, elsewhere those with something in them. */
  readonly rows: readonly number[]
  /** The last tick of the system before; absent: there is none. */
  readonly after?: number
}

export interface Layout {
  readonly rows: readonly Row[]
  /** Where the lines begin, behind the labels. */
  readonly startX: number
  /** Index of the node's row; -1 when no message lane is drawn. */
  readonly nodeRow: number
  readonly systems: readonly LaidSystem[]
}

export const layPicture = (document: MarbleDocument, metrics: Metrics): Layout => {
  const rows = rowsOf(document.lanes)
  const nodeRow = rows.findIndex(({ lane }) => lane === undefined)
  const pages = breakColumns(columnsOf(document, rows, metrics), metrics)
  const systems = pages.map((columns, i): LaidSystem => {
    const after = pages[i - 1]?.at(-1)?.tick
    return {
      columns,
      endX: columns.at(-1)?.endX ?? metrics.labelWidth,
      rows: [...rows.keys()].filter(
        (row) => i === 0 || columns.some(row === nodeRow ? hasRun : hasChipIn(row)),
      ),
      ...(after !== undefined && { after }),
    }
  })
  return { rows, nodeRow, systems, startX: metrics.labelWidth }
}

const hasRun = ({ chips }: Column): boolean => chips.some(({ run }) => run !== undefined)

const hasChipIn =
  (row: number) =>
  ({ chips }: Column): boolean =>
    chips.some((chip) => chip.row === row)

const breakColumns = (
  columns: readonly LayAt[],
  { labelWidth, width, step }: Metrics,
): readonly (readonly Column[])[] => {
  const pages: Column[][] = [[]]
  for (const layAt of columns) {
    const page = pages.at(-1) ?? []
    const column = layAt(page.at(-1)?.endX ?? labelWidth)
    if (page.length > 0 && column.endX + step > width) pages.push([layAt(labelWidth)])
    else page.push(column)
  }
  return pages
}

/** The node stands above the first lane that messages run to or from. */
const rowsOf = (lanes: readonly Lane[]): readonly Row[] => {
  const rows: Row[] = lanes.map((lane) => ({ label: laneText(lane), lane }))
  const first = lanes.findIndex((lane) => runOf(lane) !== undefined)
  const isLinkAbove = first > 0 && lanes[first - 1]?.kind === 'link'
  return first < 0 ? rows : rows.toSpliced(isLinkAbove ? first - 1 : first, 0, { label: 'me' })
}
