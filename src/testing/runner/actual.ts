import type { MarbleDocument } from '../marble/document.ts'
import type { Cell, Entry, Item, MessageItem } from '../marble/items.ts'
import { laneText } from '../marble/lanes.ts'
import type { Lane, LaneName } from '../marble/lanes.ts'
import { actualIn, agrees, comparedLanes, expectedIn } from './compare.ts'
import type { Placed } from './compare.ts'
import type { Happening } from './run-log.ts'

/**
 * What happened in the words of what was expected: an output that is as written is the written item,
 * with its tag and tolerance; any other tells no more facts than the one that was expected there.
 */
export const inWrittenWords = (
  document: MarbleDocument,
  happenings: readonly Happening[],
): readonly Happening[] => {
  const words = new Map<Placed, Item>()
  for (const lane of comparedLanes(document, happenings)) {
    const left = new Set(expectedIn(document, lane))
    const unwritten = actualIn(document, lane, happenings).filter((actual) => {
      const expected = [...left].find((candidate) => agrees(candidate, actual, document.mode))
      if (expected === undefined) return true
      left.delete(expected)
      words.set(actual, expected.item)
      return false
    })
    for (const actual of unwritten) {
      const instead = [...left].find(({ tick, item }) => tick === actual.tick && item.type === actual.item.type)
      words.set(actual, plain(actual.item, instead?.item))
    }
  }
  return happenings.map((happening) => ({ ...happening, item: words.get(happening) ?? happening.item }))
}

/** The document with what happened in place of what was expected. */
export const actualDocument = (
  document: MarbleDocument,
  happenings: readonly Happening[],
): MarbleDocument => {
  const written = new Set(document.lanes.map(laneText))
  const worded = inWrittenWords(document, happenings)
  const surprising = comparedLanes(document, happenings)
    .filter((lane) => !written.has(laneText(lane)))
  return {
    ...document,
    lanes: [...document.lanes, ...surprising].map((lane) => laneOf(document, lane, worded)),
  }
}

const laneOf = (document: MarbleDocument, lane: Lane | LaneName, happenings: readonly Happening[]): Lane => {
  const key = laneText(lane)
  const shown = new Set(actualIn(document, lane, happenings))
  const isIgnored = document.ignored.some((ignored) => laneText(ignored.lane) === key)
  const cells = new Map<number, Item[]>()
  for (const happening of happenings) {
    if (happening.key !== key || !(happening.driven || (shown.has(happening) && !isIgnored))) continue
    const items = cells.get(happening.tick) ?? []
    items.push(happening.item)
    cells.set(happening.tick, items)
  }
  const inOrder: Cell[] = [...cells].map(([tick, items]) => ({ tick, items }))
  return { ...lane, cells: inOrder } as Lane
}

/** Without the facts that may be anything, except those that `expected` speaks of. */
const plain = (actual: Item, expected: Item | undefined): Item => {
  if (actual.type === 'message') return plainMessage(actual, expected?.type === 'message' ? expected : undefined)
  if (actual.type !== 'delivered' || expected === undefined) return actual
  const { from, ...rest } = actual
  return expected.type === 'delivered' && expected.from === undefined ? rest : actual
}

const plainMessage = (
  { type, full, entries, pendingBytes }: MessageItem,
  expected: MessageItem | undefined,
): MessageItem => ({
  type,
  full,
  entries: entries.map((entry) => plainEntry(entry, expected?.entries ?? [])),
  ...(expected?.pendingBytes !== undefined && pendingBytes !== undefined && { pendingBytes }),
})

const plainEntry = (entry: Entry, expected: readonly Entry[]): Entry => {
  if (!('priority' in entry)) return entry
  const { priority, ...rest } = entry
  const isSpokenOf = expected.some((other) => other.type === entry.type && other.cid === entry.cid &&
    'priority' in other && other.priority !== undefined)
  return isSpokenOf ? entry : rest
}
