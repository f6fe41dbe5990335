import type { Check, Pattern } from './document.ts'
import { laneText } from './lanes.ts'
import { NAMELESS_VERBS } from './notation/verbs.ts'

export const checkText = (check: Check): string => {
  switch (check.type) {
    case 'order': return check.patterns.map(patternText).join(' < ')
    case 'permute': return check.patterns.map(patternText).join(', ')
    case 'never': return patternText(check.pattern)
    case 'always': return check.rule
    default: return check satisfies never
  }
}

export const patternText = (pattern: Pattern): string => {
  if (pattern.type === 'tag') return `@${pattern.tag}`
  const { verb, name, lane } = pattern
  const place = lane === undefined ? '' : `@${laneText(lane)}`
  return (verb === undefined ? name ?? '*' : verbText(verb, name)) + place
}

const verbText = (verb: string, name: string | undefined): string => {
  if (NAMELESS_VERBS.has(verb) || (verb === '#' && name === undefined)) return verb
  return `${verb}${/^[A-Za-z]/.test(verb) ? '.' : ''}${name ?? '*'}`
}
