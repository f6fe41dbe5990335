/** Names of peers, CIDs, sessions and retrieves, and ranges of them: `x1..x3` is x1, x2, x3. */
import type { Scanner } from './scanner.ts'

/** What is declared. One name means one thing. */
export interface Names {
  readonly peers: ReadonlySet<string>
  readonly cids: ReadonlySet<string>
  readonly sessions: ReadonlySet<string>
  readonly retrieves: ReadonlySet<string>
}

export type NameKind = keyof Names

/** Sticky: what a name looks like. */
export const NAME = /[A-Za-z_]\w*/y
/** Longest range, so that a slip of the finger does not fill the memory. */
const MAX_RANGE = 100_000

const SINGULAR: Record<NameKind, string> = {
  peers: 'peer', cids: 'CID', sessions: 'session', retrieves: 'retrieve',
}

/** Words that stand where names do. */
const RESERVED = new Set([
  'me', 'store', 'down', 'stored', 'same', 'forges', 'v0', 'identity', 'huge', 'unknown',
  'in', 'peers', 'providers', 'discovery', 'concurrency', 'ordered', 'pushed', 'full',
  'up', 'start', 'stop', 'refuse', 'dial', 'pause', 'resume', 'slow', 'fail', 'ok', 'ledger',
])

export const takeName = (scanner: Scanner, what: string): string => {
  const name = scanner.take(NAME)
  if (name === undefined) throw scanner.error(`${what} (a name starts with a letter)`)
  return name
}

/** A name that is being declared, or a range of them. */
export const takeNewNames = (scanner: Scanner, what: string): readonly string[] => {
  const at = scanner.position()
  const names = takeRange(scanner, takeName(scanner, what))
  for (const name of names) {
    if (RESERVED.has(name)) throw scanner.error(
      'another name',
      `"${name}" is a word of the language`,
      at,
    )
  }
  return names
}

/** A name declared as one of `kind`. */
export const takeKnown = (scanner: Scanner, names: Names, kind: NameKind): string => {
  const at = scanner.position()
  const name = takeName(scanner, `a ${SINGULAR[kind]}`)
  if (!names[kind].has(name)) throw scanner.error(
    knownNames(names, kind),
    `no ${SINGULAR[kind]} is called "${name}"`,
    at,
  )
  return name
}

/** The same, or a range of them. */
export const takeKnownRange = (
  scanner: Scanner,
  names: Names,
  kind: NameKind,
): readonly string[] => {
  const at = scanner.position()
  const range = takeRange(scanner, takeName(scanner, `a ${SINGULAR[kind]}`))
  const unknown = range.find((name) => !names[kind].has(name))
  if (unknown !== undefined)
    throw scanner.error(knownNames(names, kind), `no ${SINGULAR[kind]} is called "${unknown}"`, at)
  return range
}

export const knownNames = (names: Names, kind: NameKind): string => {
  const known = rangesText([...names[kind]])
  return known === ''
    ? `a ${SINGULAR[kind]} declared by a line "${SINGULAR[kind].toLowerCase()} ..."`
    : `one of ${known}`
}

const takeRange = (scanner: Scanner, first: string): readonly string[] => {
  const at = scanner.position()
  if (scanner.take('..') === undefined) return [first]
  const last = takeName(scanner, 'the end of the range, as in x1..x5')
  const from = numbered(first)
  const to = numbered(last)
  if (
    from === undefined
    || from.stem !== to?.stem
    || to.number < from.number
    || to.number - from.number >= MAX_RANGE
  ) {
    throw scanner.error(
      `the same name with two rising numbers, as in x1..x5, at most ${MAX_RANGE} apart`,
      `"${first}..${last}" is no range`,
      at,
    )
  }
  return Array.from(
    { length: to.number - from.number + 1 },
    (_, i) => `${from.stem}${from.number + i}`,
  )
}

const numbered = (name: string): { readonly stem: string, readonly number: number } | undefined => {
  const [, stem, digits] = /^(.*?)(0|[1-9]\d{0,8})$/.exec(name) ?? []
  // A stem that ends in a digit comes from a leading zero: x01 is no x1.
  return stem === undefined || digits === undefined || /\d$/.test(stem)
    ? undefined
    : { stem, number: Number(digits) }
}

/** Whether `next` follows `name` in a range. */
const follows = (name: string, next: string): boolean => {
  const a = numbered(name)
  const b = numbered(next)
  return a !== undefined && b !== undefined && a.stem === b.stem && b.number === a.number + 1
}

/** A thing with a name in it, as text before and after the name. */
export interface Named {
  readonly head: string
  readonly name: string
  readonly tail: string
}

/** Three or more things that differ only by names of a range become one, named by the range. */
export const compressRanges = (things: readonly Named[]): readonly Named[] => {
  const compressed: Named[] = []
  for (let from = 0; from < things.length;) {
    let to = from + 1
    while (continues(things[to - 1], things[to])) to += 1
    const run = to - from >= 3 ? to : from + 1
    const [first, last] = [things[from], things[run - 1]]
    if (first !== undefined && last !== undefined) {
      compressed.push(first === last ? first : { ...first, name: `${first.name}..${last.name}` })
    }
    from = run
  }
  return compressed
}

export const namedText = ({ head, name, tail }: Named): string => head + name + tail

const continues = (a: Named | undefined, b: Named | undefined): boolean =>
  a !== undefined
  && b !== undefined
  && a.head === b.head
  && a.tail === b.tail
  && follows(a.name, b.name)

export const rangesText = (names: readonly string[]): string =>
  compressRanges(names.map((name) => ({ head: '', name, tail: '' }))).map(namedText).join(' ')
