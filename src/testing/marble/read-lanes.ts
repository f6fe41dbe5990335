import { takeCells } from './cells.ts'
import type { Row, TakeItems } from './cells.ts'
import type { Written } from './document.ts'
import type { Cell, Item } from './items.ts'
import { laneText } from './lanes.ts'
import { takeLaneName } from './lane-names.ts'
import type { Lane, LaneName } from './lanes.ts'
import { takeAppItems } from './notation/take-app.ts'
import { takeLinkItem } from './notation/link.ts'
import { takeIncoming, takeMessage, takeView } from './notation/messages.ts'
import { takeEvents, takeLedger } from './notation/state.ts'
import { takeStoreCalls, takeStoreItems } from './notation/store.ts'
import type { Names } from './names.ts'
import { takeDuration } from './quantities.ts'
import type { Scanner } from './scanner.ts'
import type { Statement } from './statements.ts'

interface Rows {
  readonly name: LaneName
  /** Where the first row stands, and the comments of all: systems may break elsewhere next time. */
  readonly written: Written & { readonly notes: string[] }
  readonly rows: Row[]
}

interface LanesRead {
  readonly lanes: readonly Lane[]
  /** The tick at which the longest of them ends. */
  readonly endTick: number
  /** The comments of a last `at` that nothing follows. */
  readonly notes: readonly string[]
}

/** Reads the lanes of a file, system after system: `at 5s` begins one, whose rows go on there. */
export const readLanes = (
  statements: readonly Statement[],
  names: Names,
  tickMs: number,
): LanesRead => {
  const rowsByLane = new Map<string, Rows>()
  let startTick = 0
  let notes: readonly string[] = []
  for (const { keyword, scanner, written: { at, notes: own = [] } } of statements) {
    if (keyword !== 'at' && keyword !== 'lane') continue
    notes = [...notes, ...own]
    if (keyword === 'at') {
      startTick = takeStart(scanner, tickMs, startTick)
    } else {
      addRow(rowsByLane, scanner, { ...at && { at }, notes }, names, startTick)
      notes = []
    }
  }
  let endTick = startTick
  const ended = (tick: number): void => {
    endTick = Math.max(endTick, tick)
  }
  const lanes = [...rowsByLane.values()].map((rows) => readLane(rows, names, tickMs, ended))
  return { lanes, endTick, notes }
}

const takeStart = (scanner: Scanner, tickMs: number, after: number): number => {
  const at = scanner.position()
  const tick = takeDuration(scanner) / tickMs
  if (!Number.isInteger(tick)) throw scanner.error(
    `a multiple of the tick, ${tickMs}ms`,
    'this is no number of ticks',
    at,
  )
  if (tick <= after) throw scanner.error(`a time after ${after * tickMs}ms`, 'time goes on', at)
  if (!scanner.atEnd()) throw scanner.error('the end of the line')
  return tick
}

const addRow = (
  rowsByLane: Map<string, Rows>,
  scanner: Scanner,
  { notes, ...place }: Required<Pick<Written, 'notes'>> & Written,
  names: Names,
  startTick: number,
): void => {
  const at = scanner.position()
  const name = takeLaneName(scanner, names)
  scanner.skipSpace()
  if (scanner.take(':') === undefined) throw scanner.error('":"')
  const known = rowsByLane.get(laneText(name))
  if (known === undefined) {
    const written = { ...place, notes: [...notes] }
    rowsByLane.set(laneText(name), { name, written, rows: [{ scanner, startTick }] })
  } else if (known.rows.at(-1)?.startTick === startTick) {
    throw scanner.error(
      'a line such as "at 5s" before the lanes go on',
      `the lane ${laneText(name)} is there already`,
      at,
    )
  } else {
    known.written.notes.push(...notes)
    known.rows.push({ scanner, startTick })
  }
}

const readLane = (
  { name, written, rows }: Rows,
  names: Names,
  tickMs: number,
  ended: (tick: number) => void,
): Lane => {
  const read = <I extends Item>(take: TakeItems<I>) => ({
    cells: readRows(rows, tickMs, take, ended),
  })
  const { notes, ...place } = written
  const lane = { ...place, ...notes.length > 0 && { notes }, ...name }
  switch (lane.kind) {
    case 'app': return { ...lane, ...read((s) => takeAppItems(s, names)) }
    case 'link': return { ...lane, kind: 'link', ...read((s) => [takeLinkItem(s)]) }
    case 'in': return { ...lane, kind: 'in', ...read((s) => [takeIncoming(s, names)]) }
    case 'out': return { ...lane, kind: 'out', ...read((s) => [takeMessage(s, names)]) }
    case 'store': return { ...lane, kind: 'store', ...read((s) => takeStoreItems(s, names)) }
    case 'calls': return { ...lane, kind: 'calls', ...read((s) => takeStoreCalls(s, names)) }
    case 'wants': return { ...lane, kind: 'wants', ...read((s) => [takeView(s, names)]) }
    case 'ledger': return { ...lane, kind: 'ledger', ...read((s) => [takeLedger(s)]) }
    case 'events': return { ...lane, kind: 'events', ...read((s) => takeEvents(s, names)) }
    default: return lane satisfies never
  }
}

const readRows = <I extends Item>(
  rows: readonly Row[],
  tickMs: number,
  take: TakeItems<I>,
  ended: (tick: number) => void,
): readonly Cell<I>[] => {
  let lastEnd = 0
  return rows.flatMap((row) => {
    if (row.startTick < lastEnd) {
      throw row.scanner.error(
        `"at" a time from ${lastEnd * tickMs}ms on`,
        'the row before lasts longer than that',
      )
    }
    const { cells, endTick } = takeCells(row, tickMs, take)
    lastEnd = endTick
    ended(endTick)
    return cells
  })
}
