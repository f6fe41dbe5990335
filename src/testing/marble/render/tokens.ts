/** What is drawn in a cell: a shape and a label for each entry or mark, a box for each message. */
import type { Cell, FaultItem, Item, MessageItem } from '../items.ts'
import type { Lane } from '../lanes.ts'
import { compressRanges } from '../names.ts'
import type { Named } from '../names.ts'
import { appUnits } from '../notation/app.ts'
import { linkNamed } from '../notation/link.ts'
import { marksText, unitsOf } from '../notation/marks.ts'
import { entryNamed } from '../notation/messages.ts'
import { eventNamed, ledgerNamed } from '../notation/state.ts'
import { callNamed, storeNamed } from '../notation/store.ts'
import { sizeText } from '../quantities.ts'

/** What asks is hollow, what answers is filled; a square is a block, a circle a presence. */
export type Shape =
  | 'want-block' | 'block' | 'want-have' | 'have' | 'dont-have' | 'cancel'
  | 'subscribe' | 'unsubscribe' | 'complete' | 'error' | 'put' | 'delete' | 'busy' | 'drained'

export interface Token {
  /** Absent: the label says it all. */
  readonly shape?: Shape
  readonly label: string
  /** The CID that its colour stands for. */
  readonly cid?: string
}

/** Tokens that belong together: a message or a state in its box, or a mark alone. */
export interface Group {
  readonly boxed: boolean
  readonly tokens: readonly Token[]
}

/** The groups of each cell of a lane, by tick. */
export const groupsByTick = (lane: Lane): ReadonlyMap<number, readonly Group[]> => {
  switch (lane.kind) {
    case 'app': return byTick(lane.cells, (items) => marks(appUnits(items)))
    case 'link': return byTick(lane.cells, (items) => marks(unitsOf(items, linkNamed)))
    case 'in': case 'out': case 'wants': return byTick<MessageItem | FaultItem>(
      lane.cells,
      (items) => items.map(messageGroup),
    )
    case 'store': return byTick(lane.cells, (items) => marks(unitsOf(items, storeNamed)))
    case 'calls': return byTick(lane.cells, (items) => words(unitsOf(items, callNamed)))
    case 'ledger': return byTick(lane.cells, (items) => words(unitsOf(items, ledgerNamed)))
    case 'events': return byTick(lane.cells, (items) => words(unitsOf(items, eventNamed)))
    default: return lane satisfies never
  }
}

const byTick = <I extends Item>(
  cells: readonly Cell<I>[],
  groups: (items: readonly I[]) => readonly Group[],
): ReadonlyMap<number, readonly Group[]> =>
  new Map(cells.map(({ tick, items }) => [tick, groups(items)]))

const messageGroup = (item: MessageItem | FaultItem): Group => {
  if (item.type === 'fault') return {
    boxed: true,
    tokens: [{ shape: 'error', label: marksText(item) }],
  }
  const tokens = [
    ...item.full ? [{ label: 'full' }] : [],
    ...compressRanges(item.entries.map(entryNamed)).map(signToken),
    ...item.pendingBytes === undefined ? [] : [{ label: `+${sizeText(item.pendingBytes)}` }],
    ...marksText(item) === '' ? [] : [{ label: marksText(item) }],
  ]
  return { boxed: true, tokens: tokens.length > 0 ? tokens : [{ label: 'empty' }] }
}

const marks = (units: readonly Named[]): readonly Group[] =>
  compressRanges(units).map((unit) => ({ boxed: false, tokens: [signToken(unit)] }))

const words = (units: readonly Named[]): readonly Group[] =>
  compressRanges(units).map(({ head, name, tail }) => ({
    boxed: false,
    tokens: [{ label: head + name + tail, ...cidOf(name) }],
  }))

const SIGNS: Readonly<Record<string, Shape>> = {
  'w.': 'want-block',
  'h.': 'want-have',
  'c.': 'cancel',
  'B.': 'block',
  'H.': 'have',
  'D.': 'dont-have',
  '^': 'subscribe',
  '!': 'unsubscribe',
  '*': 'block',
  '|': 'complete',
  '#': 'error',
  '+': 'put',
  '-': 'delete',
  '{': 'busy',
  '}': 'drained',
}

/** The sign at the head of a unit becomes its shape. */
const signToken = ({ head, name, tail }: Named): Token => {
  const sign = /^(?:[\^!*|#+{}-]|[whcBHD]\.)/.exec(head)?.[0] ?? ''
  const shape = SIGNS[sign]
  return {
    ...(shape !== undefined && { shape }),
    label: head.slice(sign.length) + name + tail,
    ...cidOf(name),
  }
}

/** Of a range, the first. */
const cidOf = (name: string): { readonly cid?: string } =>
  name === '' ? {} : { cid: name.replace(/\.\..*/, '') }
