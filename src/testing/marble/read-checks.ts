import type { Check, Pattern, Written } from './document.ts'
import { laneText } from './lanes.ts'
import type { LaneName } from './lanes.ts'
import { LANE_VERBS, NAMELESS_VERBS } from './notation/verbs.ts'
import { NAME, takeName } from './names.ts'
import type { Names } from './names.ts'
import { takeLaneName } from './lane-names.ts'
import type { Scanner } from './scanner.ts'
import type { Statement } from './statements.ts'

/** Reads the check that a line of its keyword holds; nothing for other lines. */
export const takeCheckIfAny = (
  { keyword, scanner, written }: Statement,
  names: Names,
): readonly Check[] => {
  const check = takeCheck(keyword, scanner, written, names)
  if (check === undefined) return []
  scanner.skipSpace()
  if (!scanner.atEnd()) throw scanner.error('the end of the line')
  return [check]
}

const takeCheck = (
  keyword: Statement['keyword'],
  scanner: Scanner,
  written: Written,
  names: Names,
): Check | undefined => {
  switch (keyword) {
    case 'order': return { ...written, type: keyword, patterns: takePatterns(scanner, names, '<') }
    case 'permute': return {
      ...written,
      type: keyword,
      patterns: takePatterns(scanner, names, ','),
    }
    case 'never': return { ...written, type: keyword, pattern: takePattern(scanner, names) }
    case 'always': return { ...written, type: keyword, rule: takeRule(scanner) }
    default: return undefined
  }
}

const takeRule = (scanner: Scanner): string => {
  const rule = scanner.take(/[a-z][a-z0-9-]*/y)
  if (rule === undefined) throw scanner.error('the name of a rule, such as one-send-at-a-time')
  return rule
}

const takePatterns = (scanner: Scanner, names: Names, separator: string): readonly Pattern[] => {
  const patterns = [takePattern(scanner, names)]
  while (!scanner.atEnd()) {
    scanner.skipSpace()
    if (scanner.take(separator) === undefined) throw scanner.error(`"${separator}"`)
    scanner.skipSpace()
    patterns.push(takePattern(scanner, names))
  }
  if (patterns.length < 2) throw scanner.error(`"${separator}" and what to compare it with`)
  return patterns
}

const takePattern = (scanner: Scanner, names: Names): Pattern => {
  if (scanner.take('@') !== undefined) return { type: 'tag', tag: takeName(scanner, 'a tag') }
  const at = scanner.position()
  const verb = takeVerb(scanner, names)
  const name = takePatternName(scanner, names, verb)
  const lane = scanner.take('@') === undefined ? undefined : takeLaneName(scanner, names)
  if (verb !== undefined) {
    const verbs = verbsIn(lane)
    const where =
      lane === undefined ? 'any lane but events (add @events)' : `the lane ${laneText(lane)}`
    if (verbs?.includes(verb) === false) throw scanner.error(
      `one of ${verbs.join(' ')}`,
      `"${verb}" never stands in ${where}`,
      at,
    )
  }
  return {
    type: 'match',
    ...(verb !== undefined && { verb }),
    ...(name !== undefined && { name }),
    ...(lane && { lane }),
  }
}

const verbsIn = (lane: LaneName | undefined): readonly string[] | undefined =>
  lane === undefined
    ? Object.values(LANE_VERBS).flatMap((verbs) => verbs ?? [])
    : LANE_VERBS[lane.kind]

/** A sign, a word, or a word and a dot; nothing before a mere name, or `*` for anything. */
const takeVerb = (scanner: Scanner, names: Names): string | undefined => {
  if (scanner.peek(/\*(?![\w*?])/y) !== undefined) return undefined
  const sign = scanner.take(/[\^!*|#+{}-]/y)
  if (sign !== undefined) return sign
  const dotted = scanner.peek(/[A-Za-z-]+(?=\.)/y)
  if (dotted !== undefined) {
    scanner.take(dotted)
    scanner.take('.')
    return dotted
  }
  const word = scanner.peek(NAME) ?? ''
  return NAMELESS_VERBS.has(word) && !names.cids.has(word) ? scanner.take(word) : undefined
}

const takePatternName = (
  scanner: Scanner,
  names: Names,
  verb: string | undefined,
): string | undefined => {
  if (
    verb !== undefined
    && (NAMELESS_VERBS.has(verb) || (verb === '#' && scanner.peek(NAME) === undefined))
  )
    return undefined
  if (scanner.take('*') !== undefined) return undefined
  const at = scanner.position()
  const name = takeName(scanner, 'a CID, a retrieve, a session, or *')
  if (names.cids.has(name) || names.retrieves.has(name) || names.sessions.has(name)) return name
  throw scanner.error('a declared one, or *', `no CID, retrieve or session is called "${name}"`, at)
}
