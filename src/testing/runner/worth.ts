import type { MarbleDocument } from '../marble/document.ts'
import type { Cell, Item } from '../marble/items.ts'
import type { Lane } from '../marble/lanes.ts'
import { isInput } from '../marble/direction.ts'
import type { MarbleFailure } from './run-marble.ts'
import { patternsOf } from './watched.ts'

/** What is declared and not used, and a document that expects nothing. */
export const flawsOf = (document: MarbleDocument): readonly MarbleFailure[] => {
  const used = usedNames(document)
  const unused = [...document.peers, ...document.cids].filter(({ name }) => !used.has(name))
  return [
    ...(expectsAnything(document) ? [] : [{ problem: NOTHING_EXPECTED }]),
    ...unused.map(({ name, at }) => ({
      problem: `${name} is declared and never used`,
      ...(at !== undefined && { at }),
    })),
  ]
}

const NOTHING_EXPECTED = 'it expects nothing: no output is written, nor any check'

const expectsAnything = ({ lanes, checks }: MarbleDocument): boolean =>
  checks.length > 0 || lanes.some((lane) => itemsOf(lane).some((item) => !isInput(lane, item)))

const itemsOf = ({ cells }: Lane): readonly Item[] =>
  (cells as readonly Cell[]).flatMap(({ items }) => items)

/** Every name that stands anywhere but in its own declaration. */
const usedNames = (document: MarbleDocument): ReadonlySet<string> => {
  const used = new Set<string>()
  const collect = (value: unknown): void => {
    if (typeof value === 'string') used.add(value)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect)
  }
  collect(document.lanes)
  collect(document.sessions)
  collect(document.retrieves)
  collect(document.ignored)
  collect(document.checks.flatMap(patternsOf))
  collect(document.cids.map(({ content }) => content))
  return used
}
