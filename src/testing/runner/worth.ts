import type { MarbleDocument, Position } from '../marble/document.ts'
import type { Cell, Item } from '../marble/items.ts'
import { laneText } from '../marble/lanes.ts'
import type { Lane } from '../marble/lanes.ts'
import { isInput } from '../marble/direction.ts'
import { castOf } from './cast.ts'
import type { MarbleFailure } from './run-marble.ts'
import { patternsOf } from './watched.ts'

/** What is declared for nothing, or under two names, and a document that expects nothing. */
export const flawsOf = (document: MarbleDocument): readonly MarbleFailure[] => {
  const { peers, cids, sessions, retrieves } = document
  const declared = [...peers, ...cids, ...sessions, ...retrieves]
  const used = usedNames(document)
  return [
    ...(expectsAnything(document) ? [] : [{ problem: NOTHING_EXPECTED }]),
    ...declared.filter(({ name }) => !used.has(name)).map(({ name, at }) =>
      placed(`${name} is declared and never used`, at)),
    ...twinsIn(document),
    ...idleIn(document),
  ]
}

/** What is written and makes no difference. */
const idleIn = ({ core, options, ignored, lanes }: MarbleDocument): readonly MarbleFailure[] => [
  ...options.filter(({ room }) => core !== 'exchange' && core !== room).map(({ room, name, at }) =>
    placed(`${room}.${name} sets nothing: the core is ${core}`, at)),
  ...ignored.filter(({ lane }) => lane.kind === 'in' || lane.kind === 'store').map(({ lane, at }) =>
    placed(`${laneText(lane)} is driven and never compared: there is nothing to ignore`, at)),
  ...lanes.flatMap((lane) => (lane.cells as readonly Cell[])
    .filter(({ items }) => items.some((item) =>
      isInput(lane, item) && item.tolerance !== undefined))
    .map(({ at }) => placed('an input comes when it is written: ~ is for outputs', at))),
]

const placed = (problem: string, at: Position | undefined): MarbleFailure =>
  ({ problem, ...at !== undefined && { at } })

/** What happens to a CID is told by one name: with two, a lane differs from itself. */
const twinsIn = ({ cids }: MarbleDocument): readonly MarbleFailure[] => {
  const cast = castOf({ peers: [], cids })
  const names = new Map<string, string>()
  return cids.flatMap(({ name, at }) => {
    const cid = cast.block(name).cid.toString()
    const other = names.get(cid)
    names.set(cid, name)
    if (other === undefined) return []
    const problem = `${other} and ${name} are the same CID: give them different texts or sizes`
    return [placed(problem, at)]
  })
}

const NOTHING_EXPECTED = 'it expects nothing: no output is written and compared, nor any check'

/** A permutation compares what is written, and nothing else. */
const expectsAnything = ({ lanes, ignored, checks }: MarbleDocument): boolean => {
  const free = new Set(ignored.map(({ lane }) => laneText(lane)))
  return checks.some(({ type }) => type !== 'permute') || lanes.some((lane) =>
    !free.has(laneText(lane)) && itemsOf(lane).some((item) => !isInput(lane, item)))
}

const itemsOf = ({ cells }: Lane): readonly Item[] =>
  (cells as readonly Cell[]).flatMap(({ items }) => items)

/** The fields that hold names. */
const NAMING: ReadonlySet<string> = new Set([
  'cid', 'cids', 'peer', 'peers', 'providers', 'from', 'session', 'name', 'details',
])

/** Every name that stands anywhere but in its own declaration. */
const usedNames = (document: MarbleDocument): ReadonlySet<string> => {
  const used = new Set<string>()
  const collect = (value: unknown, field = ''): void => {
    if (typeof value === 'string' && NAMING.has(field)) used.add(value)
    if (typeof value !== 'object' || value === null) return
    const isEvent = 'type' in value && value.type === 'event'
    for (const [key, part] of Object.entries(value)) {
      // That of an event is a word of the diary.
      if (isEvent && key === 'name') continue
      collect(part, Array.isArray(value) ? field : key)
    }
  }
  collect(document.lanes)
  collect(document.sessions.map(({ peers, providers }) => ({ peers, providers })))
  collect(document.retrieves.map(({ cids, session }) => ({ cids, session })))
  collect(document.ignored)
  collect(document.checks.flatMap(patternsOf))
  collect(document.cids.map(({ content }) => content))
  return used
}
