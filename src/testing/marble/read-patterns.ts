import type { Pattern } from './document.ts'
import { takeLaneName } from './lane-names.ts'
import { laneText } from './lanes.ts'
import type { LaneKind, LaneName } from './lanes.ts'
import { NAME, takeName } from './names.ts'
import type { Names } from './names.ts'
import { EVENTS, isEvent } from './notation/events.ts'
import { ASIDE, LANE_VERBS, NAMELESS_VERBS } from './notation/verbs.ts'
import type { Scanner } from './scanner.ts'

/** What a check speaks of: `w.x@me>A`, `*x`, `@tag`. Refuses what can stand nowhere. */
export const takePattern = (scanner: Scanner, names: Names): Pattern => {
  if (scanner.take('@') !== undefined) return { type: 'tag', tag: takeName(scanner, 'a tag') }
  const at = scanner.position()
  const verb = takeVerb(scanner, names)
  const name = takePatternName(scanner, names, verb)
  const lane = scanner.take('@') === undefined ? undefined : takeLaneName(scanner, names)
  const flaw = flawOf({ verb, name, lane }, names)
  if (flaw !== undefined) throw scanner.error(flaw.expected, flaw.problem, at)
  return {
    type: 'match',
    ...(verb !== undefined && { verb }),
    ...(name !== undefined && { name }),
    ...(lane && { lane }),
  }
}

interface Match {
  readonly verb: string | undefined
  readonly name: string | undefined
  readonly lane: LaneName | undefined
}

interface Flaw {
  readonly problem: string
  readonly expected: string
}

/** Why nothing can ever match: such a check would hold for ever. */
const flawOf = ({ verb, name, lane }: Match, names: Names): Flaw | undefined => {
  const verbs = verbsIn(lane)
  if (verb !== undefined && !verbs.includes(verb)) return {
    problem: `"${verb}" never stands in ${placeText(lane)}`,
    expected: `one of ${verbs.join(' ')}`,
  }
  if (name === undefined) return undefined
  if (lane?.kind === 'link' || lane?.kind === 'ledger') return {
    problem: `nothing in the lane ${laneText(lane)} has a name`,
    expected: '* for anything',
  }
  if (verb !== undefined && lane?.kind === 'events' && isEvent(verb) && !EVENTS[verb]) return {
    problem: `"${verb}" is about no CID`,
    expected: `${verb}.*`,
  }
  return names.cids.has(name) || isAsked({ verb, name, lane }, names)
    ? undefined
    : {
      problem: `${name} is no CID: only what applications do and get is about it`,
      expected: 'a CID, or *',
    }
}

/** The verbs that a session may stand behind; a retrieve hears of no presences. */
const ASKING = ['^', '!', '*', '|', '#', 'H', 'D']

const isAsked = ({ verb, name = '', lane }: Match, { retrieves }: Names): boolean => {
  const verbs = retrieves.has(name) ? ASKING.slice(0, 5) : ASKING
  return (lane === undefined || lane.kind === 'app') && (verb === undefined || verbs.includes(verb))
}

const verbsIn = (lane: LaneName | undefined): readonly string[] => {
  if (lane !== undefined) return LANE_VERBS[lane.kind]
  const lanes = Object.entries(LANE_VERBS).filter(([kind]) => !ASIDE.has(kind as LaneKind))
  return [...new Set(lanes.flatMap(([, verbs]) => verbs))]
}

const placeText = (lane: LaneName | undefined): string =>
  lane === undefined
    ? 'any lane but @events, @wants A and @ledger A, which are to be named'
    : `the lane ${laneText(lane)}`

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
