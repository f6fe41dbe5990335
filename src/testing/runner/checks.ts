import type { Check, MarbleDocument, Pattern } from '../marble/document.ts'
import { laneText } from '../marble/lanes.ts'
import { checkText } from '../marble/write-checks.ts'
import { isAbout } from './patterns.ts'
import { RULES } from './rules.ts'
import type { Happening } from './run-log.ts'
import type { MarbleFailure } from './run-marble.ts'

/**
 * The checks that do not hold, or hold whatever the node does. `happenings` are in written words:
 * tags stand on outputs, too.
 */
export const failedChecks = (
  { checks, lanes, tickMs }: Pick<MarbleDocument, 'checks' | 'lanes' | 'tickMs'>,
  happenings: readonly Happening[],
): readonly MarbleFailure[] => {
  const written = new Set(lanes.map(laneText))
  return checks.flatMap((check) => {
    const verdict = judge(check, written, happenings)
    if (verdict === undefined) return []
    const { problem, tick } = verdict
    const time = tick === undefined ? '' : `, at ${tick * tickMs}ms`
    return [{
      problem: `${check.type} ${checkText(check)}: ${problem}${time}`,
      ...(check.at !== undefined && { at: check.at }),
    }]
  })
}

/** What is wrong, and when, if at one moment. */
type Verdict = { readonly problem: string, readonly tick?: number } | undefined

const judge = (
  check: Check,
  written: ReadonlySet<string>,
  happenings: readonly Happening[],
): Verdict => {
  switch (check.type) {
    case 'order': return judgeOrder(check.patterns, happenings)
    case 'never': return judgeNever(check.pattern, written, happenings)
    case 'always': return judgeAlways(check.rule, happenings)
    // Takes runs of its own; see `permutations`.
    case 'permute': return undefined
    default: return check satisfies never
  }
}

const judgeOrder = (patterns: readonly Pattern[], happenings: readonly Happening[]): Verdict => {
  const places = patterns.map((pattern) =>
    happenings.findIndex((happening) => isAbout(pattern, happening)))
  const missing = places.indexOf(-1)
  if (missing !== -1) return broken(`nothing that happens is the ${ordinal(missing)} of it`)
  if (places.every((place) => happenings[place]?.driven)) {
    return pointless('it puts inputs in order, which the file itself does')
  }
  const wrong = places.findIndex((place, i) => place <= (places[i - 1] ?? -1))
  if (wrong === -1) return undefined
  const happening = happenings[places[wrong] ?? 0]
  if (places[wrong] !== places[wrong - 1]) {
    return broken(`the ${ordinal(wrong)} of it comes first`, happening?.tick)
  }
  const both = `the ${ordinal(wrong - 1)} and the ${ordinal(wrong)} of it`
  const how = happening?.item.type === 'message' ? 'are in one message' : 'are one and the same'
  return broken(`${both} ${how}`, happening?.tick)
}

const judgeNever = (
  pattern: Pattern,
  written: ReadonlySet<string>,
  happenings: readonly Happening[],
): Verdict => {
  if (pattern.type === 'tag') return pointless('a tag marks what is written, which is to happen')
  if (isAboutInputs(pattern)) {
    return pointless('it is about inputs, which the file itself makes happen')
  }
  const { lane } = pattern
  if (lane?.kind === 'app' && !written.has(laneText(lane))) {
    return pointless(`the file has no lane ${laneText(lane)}`)
  }
  const match = happenings.find((happening) => !happening.driven && isAbout(pattern, happening))
  return match === undefined ? undefined : broken('it happens', match.tick)
}

const isAboutInputs = ({ lane, verb = '' }: Pattern & { readonly type: 'match' }): boolean =>
  lane?.kind === 'in' || lane?.kind === 'store' || INPUT_VERBS.has(verb)
  // In a lane `app` the same sign is an output.
  || (lane?.kind === 'link' && verb === '#')

/** What only a document does. */
const INPUT_VERBS: ReadonlySet<string> = new Set([
  '^', '!', '+', '-', '{', '}', 'up', 'down', 'refuse', 'start', 'stop', 'slow', 'fail', 'ok',
])

const judgeAlways = (name: string, happenings: readonly Happening[]): Verdict => {
  // Not what every object has, such as `constructor`.
  const rule = Object.hasOwn(RULES, name) ? RULES[name]?.() : undefined
  if (rule === undefined) {
    return pointless(`no rule is called so; there are ${Object.keys(RULES).join(', ')}`)
  }
  for (const happening of happenings) {
    const problem = rule.step(happening)
    if (problem !== undefined) return broken(problem, happening.tick)
  }
  return rule.wasTried() ? undefined : pointless('nothing happens here that might break the rule')
}

const broken = (problem: string, tick?: number): Verdict =>
  ({ problem, ...(tick !== undefined && { tick }) })

/** A check that says nothing about the node is a fault of the document. */
const pointless = (why: string): Verdict => ({ problem: `it cannot fail: ${why}` })

const ordinal = (index: number): string =>
  ['first', 'second', 'third', 'fourth'][index] ?? `${index + 1}th`
