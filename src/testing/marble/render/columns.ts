import { isInput } from '../direction.ts'
import type { MarbleDocument } from '../document.ts'
import type { Lane } from '../lanes.ts'
import { durationText } from '../quantities.ts'
import { groupsByTick } from './tokens.ts'
import type { Group } from './tokens.ts'

/** Sizes, in whatever unit the renderer draws. */
export interface Metrics {
  readonly group: (group: Group) => number
  readonly text: (text: string) => number
  /** Between neighbours in a cell. */
  readonly space: number
  /** A run of messages, with its arrow heads. */
  readonly run: number
  /** Between columns that follow each other, and where time was left out. */
  readonly step: number
  readonly gap: number
  /** Of the labels, and of a whole line. */
  readonly labelWidth: number
  readonly width: number
}

export interface Row {
  readonly label: string
  /** Absent: the node itself. */
  readonly lane?: Lane
}

export interface Chip {
  /** Index of its row. */
  readonly row: number
  readonly x: number
  readonly width: number
  readonly groups: readonly Group[]
  /** A message to the node, or from it. */
  readonly run?: 'in' | 'out'
}

export interface Column {
  readonly tick: number
  readonly time: string
  /** Where it begins and where its last chip ends. */
  readonly x: number
  readonly endX: number
  /** Where what is driven ends, and the rest begins. */
  readonly turnX: number
  /** Where messages run to the node, and from it. */
  readonly inX?: number
  readonly outX?: number
  readonly chips: readonly Chip[]
  /** Whether time was left out before it. */
  readonly isAfterGap: boolean
}

/** Silences longer than this, in ticks, are cut short. */
const LONGEST_STEP = 2

/** Lays out a column behind `x`. */
export type LayAt = (x: number) => Column

/** The columns of a document, each still free to move to the right. */
export const columnsOf = (
  { tickMs }: MarbleDocument,
  rows: readonly Row[],
  metrics: Metrics,
): readonly LayAt[] => {
  const cells = rows.map(({ lane }) =>
    lane === undefined ? new Map<number, readonly Group[]>() : groupsByTick(lane),
  )
  const ticks = [...new Set(cells.flatMap((byTick) => [...byTick.keys()]))].toSorted(
    (a, b) => a - b,
  )
  return ticks.map((tick, i) => {
    const isAfterGap = tick - (ticks[i - 1] ?? 0) > LONGEST_STEP
    return (x) =>
      layColumn(
        rows,
        cells,
        { tick, tickMs, isAfterGap, x: x + (isAfterGap ? metrics.gap : metrics.step) },
        metrics,
      )
  })
}

/** Which way messages run in a lane, if they do. */
export const runOf = ({ kind }: Lane): 'in' | 'out' | undefined =>
  kind === 'in' ? 'in' : kind === 'out' || kind === 'calls' ? 'out' : undefined

interface Place {
  readonly tick: number
  readonly tickMs: number
  readonly x: number
  readonly isAfterGap: boolean
}

const layColumn = (
  rows: readonly Row[],
  cells: readonly ReadonlyMap<number, readonly Group[]>[],
  { tick, tickMs, x, isAfterGap }: Place,
  metrics: Metrics,
): Column => {
  const found = rows.flatMap(({ lane }, row) => {
    const groups = cells[row]?.get(tick)
    return lane === undefined || groups === undefined
      ? []
      : [{ row, groups, isCause: isDriven(lane, tick), run: runOf(lane) }]
  })
  const isShared = new Set(found.map(({ isCause }) => isCause)).size > 1
  const fitted = found.map(({ groups: all, ...place }) => {
    const groups = shorten(all, metrics, isShared)
    return { ...place, groups, width: widthOf(groups, metrics) }
  })
  const causes = fitted.filter(({ isCause }) => isCause)
  const effects = fitted.filter(({ isCause }) => !isCause)
  const leftWidth = Math.max(0, ...causes.map(({ width }) => width))
  const hasIn = found.some(({ run }) => run === 'in')
  const hasOut = found.some(({ run }) => run === 'out')
  const inX = x + leftWidth
  const outX = inX + (hasIn ? metrics.run : 0)
  const rightX = outX + (hasOut ? metrics.run : isShared && !hasIn ? metrics.space : 0)
  const endX = Math.max(
    rightX + Math.max(0, ...effects.map(({ width }) => width)),
    x + metrics.text(timeOf(tick, tickMs)),
  )
  const chips = fitted.map(({ isCause, run, ...chip }): Chip =>
    ({ ...chip, x: isCause ? inX - chip.width : rightX, ...run && { run } }))
  return {
    tick,
    x,
    endX,
    turnX: inX,
    chips,
    isAfterGap,
    time: timeOf(tick, tickMs),
    ...(hasIn && { inX }),
    ...(hasOut && { outX }),
  }
}

/** What is longer than a line, or than half of one that is shared, ends in a count. */
const shorten = (
  groups: readonly Group[],
  metrics: Metrics,
  isShared: boolean,
): readonly Group[] => {
  const most =
    (metrics.width - metrics.labelWidth - metrics.gap - metrics.step) / (isShared ? 2 : 1)
    - metrics.run
  const count = groups.reduce((sum, { tokens }) => sum + tokens.length, 0)
  let kept = count
  while (kept > 1 && widthOf(firstTokens(groups, kept, count), metrics) > most)
    kept -= Math.ceil(kept / 8)
  return kept === count ? groups : firstTokens(groups, kept, count)
}

const firstTokens = (groups: readonly Group[], kept: number, count: number): readonly Group[] => {
  let left = kept
  const shown = groups.flatMap((group) => {
    const tokens = group.tokens.slice(0, left)
    left -= tokens.length
    return tokens.length === 0 ? [] : [{ ...group, tokens }]
  })
  return kept === count
    ? shown
    : [...shown, { boxed: false, tokens: [{ label: `…+${count - kept}` }] }]
}

const timeOf = (tick: number, tickMs: number): string => durationText(tick * tickMs)

const widthOf = (groups: readonly Group[], { group, space }: Metrics): number =>
  groups.reduce((width, each, i) => width + group(each) + (i === 0 ? 0 : space), 0)

/** A cell stands where its first item belongs. */
const isDriven = (lane: Lane, tick: number): boolean => {
  const first = lane.cells.find((cell) => cell.tick === tick)?.items[0]
  return first !== undefined && isInput(lane, first)
}
