import type { MarbleDocument } from '../marble/document.ts'
import type { Cell, Entry, Item, MessageItem } from '../marble/items.ts'
import { laneText } from '../marble/lanes.ts'
import type { Lane, LaneName } from '../marble/lanes.ts'
import { actualIn, agrees, comparedLanes, expectedIn } from './compare.ts'
import type { Placed } from './compare.ts'
import { isWant } from './matches.ts'
import type { Happening } from './run-log.ts'

/**
 * What happened, in the words of what was expected: an output that is as written is the written
 * item, with its tag and tolerance; any other tells no more facts than the one that was expected.
 */
export const inWrittenWords = (
  document: MarbleDocument,
  happenings: readonly Happening[],
): readonly Happening[] => {
  const words = new Map<Placed, Item>()
  for (const lane of comparedLanes(document, happenings)) {
    const left = new Set(expectedIn(document, lane))
    const surprising = actualIn(document, lane, happenings).filter((actual) => {
      const expected = [...left].find((candidate) => agrees(candidate, actual, document.mode))
      if (expected === undefined) return true
      left.delete(expected)
      words.set(actual, expected.item)
      return false
    })
    for (const actual of surprising) {
      const instead = [...left].find(({ tick }) => tick === actual.tick)
      words.set(actual, plain(actual.item, instead?.item))
    }
  }
  return happenings.map((happening) => {
    const item = words.get(happening) ?? happening.item
    return { ...happening, item }
  })
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

const laneOf = (
  document: MarbleDocument,
  lane: Lane | LaneName,
  happenings: readonly Happening[],
): Lane => {
  const key = laneText(lane)
  const isIgnored = document.ignored.some((ignored) => laneText(ignored.lane) === key)
  const outputs = new Set(isIgnored ? [] : actualIn(document, lane, happenings))
  const cells = new Map<number, Item[]>()
  for (const happening of happenings) {
    const isShown = outputs.has(happening) || (happening.driven && happening.key === key)
    if (!isShown) continue
    const items = cells.get(happening.tick)
    if (items === undefined) cells.set(happening.tick, [happening.item])
    else items.push(happening.item)
  }
  const inOrder: Cell[] = Array.from(cells, ([tick, items]) => ({ tick, items }))
  return { ...lane, cells: inOrder } as Lane
}

/** Without the facts that may be anything, except those that `expected` speaks of. */
const plain = (actual: Item, expected: Item | undefined): Item => {
  if (actual.type === 'message') {
    return plainMessage(actual, expected?.type === 'message' ? expected : undefined)
  }
  if (actual.type !== 'delivered' || expected?.type !== 'delivered') return actual
  const { type, request, cid } = actual
  return expected.from === undefined ? { type, request, cid } : actual
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
  if (!isWant(entry)) return entry
  const { type, cid, sendDontHave } = entry
  const isSpokenOf = expected.some((other) =>
    isWant(other) && other.type === type && other.cid === cid && other.priority !== undefined)
  return isSpokenOf ? entry : { type, cid, sendDontHave }
}
