/** A score in words, for those who hear it read. */
import type { MarbleDocument } from '../document.ts'
import type { Cell, Entry, Item } from '../items.ts'
import type { Lane } from '../lanes.ts'
import { compressRanges, namedText } from '../names.ts'
import type { Named } from '../names.ts'
import { requestText } from '../notation/app.ts'
import { nameless } from '../notation/marks.ts'
import { durationText, sizeText } from '../quantities.ts'

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

const about = (head: string, name: string, tail = ''): Named => ({ head: `${head} `, name, tail })

const itemWords = (item: Item): Named => {
  switch (item.type) {
    case 'message': return nameless(`a message with ${entriesWords(item.entries)}`)
    case 'subscribe': case 'unsubscribe': return about(
      item.type === 'subscribe' ? 'wants' : 'no longer wants',
      requestText(item.request),
    )
    case 'delivered': return about(
      'gets block',
      item.cid,
      item.from === undefined ? '' : ` from ${item.from}`,
    )
    case 'complete': return about('completes', requestText(item.request))
    case 'error': return about('fails', requestText(item.request), ` with ${item.error}`)
    case 'have': return about(`learns that ${item.peer} has`, item.cid)
    case 'dont-have': return about(`learns that ${item.peer} lacks`, item.cid)
    case 'open': case 'close': return about(`${item.type}s session`, item.session)
    case 'notify': return about('announces', item.cids.join(' '))
    case 'put': case 'delete': return about(item.type === 'put' ? 'gains' : 'loses', item.cid)
    case 'call': return about(item.operation, item.cid)
    case 'event': return {
      head: `${item.name} `,
      name: item.cid ?? '',
      tail: ` ${item.details.join(' ')}`,
    }
    case 'ledger': return nameless(
      `${sizeText(item.sentBytes)} sent, ${sizeText(item.receivedBytes)} received`,
    )
    case 'fault': return nameless('something that is no message')
    case 'write-failed': return nameless('a write fails')
    default: return nameless(item.type)
  }
}

const ENTRY_WORDS: Record<Entry['type'], string> = {
  'want-block': 'want-block',
  'want-have': 'want-have',
  cancel: 'cancel',
  block: 'block',
  have: 'HAVE',
  'dont-have': 'DONT_HAVE',
}

const entriesWords = (entries: readonly Entry[]): string =>
  entries.length === 0
    ? 'nothing'
    : compressRanges(entries.map((entry) => about(ENTRY_WORDS[entry.type], entry.cid)))
      .map(namedText)
      .join(', ')
