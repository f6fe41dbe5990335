import type { Check, MarbleDocument, Pattern } from '../marble/document.ts'
import { laneText } from '../marble/lanes.ts'
import type { LaneName } from '../marble/lanes.ts'

/** The lanes that are written, and those that only a check speaks of. */
export const watchedLanes = ({ lanes, checks }: MarbleDocument): readonly LaneName[] => {
  const all = [...lanes, ...checks.flatMap(patternsOf).flatMap(laneOf)]
  return [...new Map(all.map((lane) => [laneText(lane), nameOf(lane)])).values()]
}

export const patternsOf = (check: Check): readonly Pattern[] => {
  switch (check.type) {
    case 'order':
    case 'permute': return check.patterns
    case 'never': return [check.pattern]
    default: return []
  }
}

const laneOf = (pattern: Pattern): readonly LaneName[] =>
  pattern.type === 'match' && pattern.lane !== undefined ? [pattern.lane] : []

/** A lane without what is in it. */
export const nameOf = (lane: LaneName): LaneName => {
  switch (lane.kind) {
    case 'app': return lane.id === undefined ? { kind: 'app' } : { kind: 'app', id: lane.id }
    case 'store':
    case 'calls':
    case 'events': return { kind: lane.kind }
    default: return { kind: lane.kind, peer: lane.peer }
  }
}
