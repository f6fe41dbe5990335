/** A score in words, for those who hear it read. */
import type { MarbleDocument } from '../document.ts'
import type { Cell, Item } from '../items.ts'
import type { Lane } from '../lanes.ts'
import { compressRanges, namedText } from '../names.ts'
import { durationText } from '../quantities.ts'
import { itemWords } from './describe-items.ts'

/** The rule, then what happens, tick by tick and lane by lane. */
export const describeMarble = ({ rule, lanes, tickMs }: MarbleDocument): string => {
  const byTick = new Map<number, string[]>()
  for (const lane of lanes) {
    for (const { tick, items } of lane.cells as readonly Cell[]) {
      const words = `${subjectOf(lane)}: ${wordsOf(items)}`
      byTick.set(tick, [...byTick.get(tick) ?? [], words])
    }
  }
  const happenings = [...byTick].toSorted(([a], [b]) => a - b)
  return [
    ...rule,
    ...happenings.map(([tick, words]) => `At ${durationText(tick * tickMs)}, ${words.join('; ')}.`),
  ].join('\n')
}

const subjectOf = (lane: Lane): string => {
  switch (lane.kind) {
    case 'app': return lane.id === undefined ? 'the application' : `the application ${lane.id}`
    case 'link': return `the link to ${lane.peer}`
    case 'in': return `${lane.peer} sends`
    case 'out': return `${lane.peer} is sent`
    case 'store': return 'the store'
    case 'calls': return 'the store is asked'
    case 'wants': return lane.peer === 'me' ? 'our wants' : `the wants of ${lane.peer}`
    case 'ledger': return `the ledger of ${lane.peer}`
    case 'events': return 'events'
    default: return lane satisfies never
  }
}

const wordsOf = (items: readonly Item[]): string =>
  compressRanges(items.map(itemWords)).map(namedText).join(', ')
