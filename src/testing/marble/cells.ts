import type { Cell, Item } from './items.ts'
import { takeMarks } from './notation/marks.ts'
import { takeDuration } from './quantities.ts'
import type { Scanner } from './scanner.ts'

/** One row of a lane: what stands behind its colon, and the tick it begins at. */
export interface Row {
  readonly scanner: Scanner
  readonly startTick: number
}

/** Takes one sign; ranges make it several items. */
export type TakeItems<I extends Item> = (scanner: Scanner) => readonly I[]

/**
 * Reads a row. A cell is one tick, `-` an empty one. A duration is the time from the beginning of
 * the cell before it, or of the row, to the beginning of what follows.
 */
export const takeCells = <I extends Item>(
  { scanner, startTick }: Row,
  tickMs: number,
  takeItems: TakeItems<I>,
): { readonly cells: readonly Cell<I>[], readonly endTick: number } => {
  const cells: Cell<I>[] = []
  let tick = startTick
  let cellTick: number | undefined
  for (scanner.skipSpace(); !scanner.atEnd(); takeGap(scanner)) {
    if (scanner.peek(/\d/y) !== undefined) {
      tick = (cellTick ?? tick) + takeTicks(scanner, tickMs)
      cellTick = undefined
    } else {
      if (scanner.take(/-(?![A-Za-z_])/y) === undefined) cells.push(
        takeCell(scanner, tick, takeItems),
      )
      cellTick = tick
      tick += 1
    }
  }
  return { cells, endTick: tick }
}

/** Cells stand apart; only empty ones may touch. */
const takeGap = (scanner: Scanner): void => {
  if (scanner.skipSpace() || scanner.atEnd() || scanner.peek('-') !== undefined) return
  throw scanner.error('a space before the next cell')
}

const takeCell = <I extends Item>(
  scanner: Scanner,
  tick: number,
  takeItems: TakeItems<I>,
): Cell<I> => {
  const at = scanner.position()
  const items: I[] = []
  do {
    const taken = takeItems(scanner)
    const marks = takeMarks(scanner)
    for (const item of taken) items.push({ ...item, ...marks })
    scanner.take(',')
  } while (!scanner.atEnd() && scanner.peek(/\s/y) === undefined)
  return { tick, items, at }
}

const takeTicks = (scanner: Scanner, tickMs: number): number => {
  const at = scanner.position()
  const ms = takeDuration(scanner)
  if (ms === 0 || ms % tickMs !== 0) throw scanner.error(
    `a multiple of the tick, ${tickMs}ms`,
    `${ms}ms is no number of ticks`,
    at,
  )
  return ms / tickMs
}
