import { takeCells } from './cells.ts'
import type { Row, TakeItems } from './cells.ts'
import type { Written } from './document.ts'
import type { Cell, Item } from './items.ts'
import { laneText } from './lanes.ts'
import type { Lane, LaneName } from './lanes.ts'
import { takeAppItems } from './notation/take-app.ts'
import { takeLinkItem } from './notation/link.ts'
import { takeIncoming, takeMessage, takeView } from './notation/messages.ts'
import { takeEvents, takeLedger } from './notation/state.ts'
import { takeStoreCalls, takeStoreItems } from './notation/store.ts'
import { takeKnown, takeName } from './names.ts'
import type { Names } from './names.ts'
import { takeDuration } from './quantities.ts'
import type { Scanner } from './scanner.ts'
import type { Statement } from './statements.ts'

/** The name of a lane, up to its colon. */
export const takeLaneName = (scanner: Scanner, names: Names): LaneName => {
  const kind = scanner.take(/(?:app|store|events|link|wants|ledger)\b(?!>)|me>(?:store\b)?/y)
  switch (kind) {
    case 'store': case 'events': return { kind }
    case 'me>store': return { kind: 'calls' }
    case 'me>': return { kind: 'out', peer: takeKnown(scanner, names, 'peers') }
    case 'app': return { kind, ...takeAppId(scanner) }
    case 'link': case 'ledger': return { kind, peer: takePeer(scanner, names) }
    case 'wants': return { kind, peer: takePeer(scanner, names, 'me') }
    default: return { kind: 'in', peer: takeSender(scanner, names) }
  }
}

const takeAppId = (scanner: Scanner): { readonly id?: string } =>
  scanner.take(/ +(?=[A-Za-z_])/y) === undefined ? {} : { id: takeName(scanner, 'the name of a subscriber') }

const takePeer = (scanner: Scanner, names: Names, self?: string): string => {
  scanner.skipSpace()
  return self !== undefined && scanner.take(/me\b/y) !== undefined ? self : takeKnown(scanner, names, 'peers')
}

const takeSender = (scanner: Scanner, names: Names): string => {
  if (scanner.peek(/\w+>/y) === undefined) {
    throw scanner.error('a lane: app, link A, A>me, me>A, store, me>store, wants A, wants me, ledger A or events')
  }
  const peer = takeKnown(scanner, names, 'peers')
  if (scanner.take('>me') === undefined) throw scanner.error('">me"')
  return peer
}

interface Rows {
  readonly name: LaneName
  readonly written: Written
  readonly rows: Row[]
}

interface LanesRead {
  readonly lanes: readonly Lane[]
  /** The tick at which the longest of them ends. */
  readonly endTick: number
}

/** Reads the lanes of a file, system after system: `at 5s` begins one, whose rows go on from there. */
export const readLanes = (statements: readonly Statement[], names: Names, tickMs: number): LanesRead => {
  const rowsByLane = new Map<string, Rows>()
  let startTick = 0
  for (const { keyword, scanner, written } of statements) {
    if (keyword === 'at') startTick = takeStart(scanner, tickMs, startTick)
    else if (keyword === 'lane') addRow(rowsByLane, scanner, written, names, startTick)
  }
  let endTick = startTick
  const ended = (tick: number): void => { endTick = Math.max(endTick, tick) }
  const lanes = [...rowsByLane.values()].map((rows) => readLane(rows, names, tickMs, ended))
  return { lanes, endTick }
}

const takeStart = (scanner: Scanner, tickMs: number, after: number): number => {
  const at = scanner.position()
  const tick = takeDuration(scanner) / tickMs
  if (!Number.isInteger(tick)) throw scanner.error(`a multiple of the tick, ${tickMs}ms`, 'this is no number of ticks', at)
  if (tick <= after) throw scanner.error(`a time after ${after * tickMs}ms`, 'time goes on', at)
  if (!scanner.atEnd()) throw scanner.error('the end of the line')
  return tick
}

const addRow = (rowsByLane: Map<string, Rows>, scanner: Scanner, written: Written, names: Names, startTick: number): void => {
  const at = scanner.position()
  const name = takeLaneName(scanner, names)
  scanner.skipSpace()
  if (scanner.take(':') === undefined) throw scanner.error('":"')
  const known = rowsByLane.get(laneText(name))
  if (known === undefined) {
    rowsByLane.set(laneText(name), { name, written, rows: [{ scanner, startTick }] })
  } else if (known.rows.at(-1)?.startTick === startTick) {
    throw scanner.error('a line such as "at 5s" before the lanes go on', `the lane ${laneText(name)} is there already`, at)
  } else {
    known.rows.push({ scanner, startTick })
  }
}

const readLane = ({ name, written, rows }: Rows, names: Names, tickMs: number, ended: (tick: number) => void): Lane => {
  const read = <I extends Item>(take: TakeItems<I>): readonly Cell<I>[] => readRows(rows, tickMs, take, ended)
  switch (name.kind) {
    case 'app': return { ...written, ...name, kind: 'app', cells: read((s) => takeAppItems(s, names)) }
    case 'link': return { ...written, kind: 'link', peer: name.peer, cells: read((s) => [takeLinkItem(s)]) }
    case 'in': return { ...written, kind: 'in', peer: name.peer, cells: read((s) => [takeIncoming(s, names)]) }
    case 'out': return { ...written, kind: 'out', peer: name.peer, cells: read((s) => [takeMessage(s, names)]) }
    case 'store': return { ...written, kind: 'store', cells: read((s) => takeStoreItems(s, names)) }
    case 'calls': return { ...written, kind: 'calls', cells: read((s) => takeStoreCalls(s, names)) }
    case 'wants': return { ...written, kind: 'wants', peer: name.peer, cells: read((s) => [takeView(s, names)]) }
    case 'ledger': return { ...written, kind: 'ledger', peer: name.peer, cells: read((s) => [takeLedger(s)]) }
    case 'events': return { ...written, kind: 'events', cells: read((s) => takeEvents(s, names)) }
    default: return name satisfies never
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
      throw row.scanner.error(`"at" a time from ${lastEnd * tickMs}ms on`, 'the row before lasts longer than that')
    }
    const { cells, endTick } = takeCells(row, tickMs, take)
    lastEnd = endTick
    ended(endTick)
    return cells
  })
}
