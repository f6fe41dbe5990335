import type { Cell, Item } from './items.ts'
import { laneText } from './lanes.ts'
import type { Lane } from './lanes.ts'
import { layGrid } from './grid.ts'
import type { System } from './grid.ts'
import { compressRanges, namedText } from './names.ts'
import type { Named } from './names.ts'
import { appUnits } from './notation/app.ts'
import { linkNamed } from './notation/link.ts'
import { unitsOf } from './notation/marks.ts'
import { messageNamed } from './notation/messages.ts'
import { eventNamed, ledgerNamed } from './notation/state.ts'
import { callNamed, storeNamed } from './notation/store.ts'
import { durationText } from './quantities.ts'

/** The text of each cell of a lane, by tick. */
export const cellTexts = (lane: Lane): ReadonlyMap<number, string> => {
  switch (lane.kind) {
    case 'app': return texts(lane.cells, appUnits)
    case 'link': return texts(lane.cells, (items) => unitsOf(items, linkNamed))
    case 'in': case 'out': case 'wants':
      return texts<Item & { readonly type: 'message' | 'fault' }>(lane.cells, (items) =>
        unitsOf(items, messageNamed(items.length === 1)),
      )
    case 'store': return texts(lane.cells, (items) => unitsOf(items, storeNamed))
    case 'calls': return texts(lane.cells, (items) => unitsOf(items, callNamed))
    case 'ledger': return texts(lane.cells, (items) => unitsOf(items, ledgerNamed))
    case 'events': return texts(lane.cells, (items) => unitsOf(items, eventNamed))
    default: return lane satisfies never
  }
}

const texts = <I extends Item>(
  cells: readonly Cell<I>[],
  units: (items: readonly I[]) => readonly Named[],
): ReadonlyMap<number, string> =>
  new Map(
    cells.map(({ tick, items }) => [tick, joinItems(compressRanges(units(items)).map(namedText))]),
  )

/** A comma keeps words apart; signs need none. */
const joinItems = (items: readonly string[]): string =>
  items.reduce(
    (text, item) => (text !== '' && /^[A-Za-z]/.test(item) ? `${text},${item}` : text + item),
    '',
  )

/** Lanes in aligned columns, in systems as wide as `width`. */
export const layLanes = (
  lanes: readonly Lane[],
  tickMs: number,
  endTick: number,
  width: number,
): readonly System[] =>
  layGrid(
    lanes.map((lane) => ({ label: `${laneText(lane)}:`, cells: cellTexts(lane) })),
    {
      width,
      endTick,
      gapText: (ticks) => durationText(ticks * tickMs),
    },
  )
