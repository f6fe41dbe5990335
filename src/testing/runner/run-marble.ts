import type { MarbleDocument, Position } from '../marble/document.ts'
import type { LaneDifference } from '../marble/diff.ts'
import { laneText } from '../marble/lanes.ts'
import type { Lane, LaneName } from '../marble/lanes.ts'
import { durationText } from '../marble/quantities.ts'
import { checkText } from '../marble/write-checks.ts'
import { actualDocument, inWrittenWords } from './actual.ts'
import { failedChecks } from './checks.ts'
import { compare } from './compare.ts'
import { permutations, permuteFlaw, permutesOf } from './permutations.ts'
import type { Permute } from './permutations.ts'
import { inputsByTick, play } from './play.ts'
import type { Performance, PlayOptions } from './play.ts'
import { flawsOf } from './worth.ts'

export type { WantPipeline } from './app-lane.ts'
export type { PlayOptions } from './play.ts'
export type { ExchangeFactory } from './stage.ts'

/** One thing that is not as it should be. */
export interface MarbleFailure {
  /** One line. */
  readonly problem: string
  /** The line of the file that it is about. */
  readonly at?: Position
  /** Where a lane went another way than written. */
  readonly difference?: Omit<LaneDifference, 'file'>
}

/** What came of a document. */
export interface MarbleRun {
  readonly document: MarbleDocument
  /** What happened: the document itself if all is as written. */
  readonly actual: MarbleDocument
  /** None if all is well: those of lanes, of checks, of the stop, of the document. */
  readonly failures: readonly MarbleFailure[]
}

/**
 * Plays a document against a node and compares. In virtual time and without chance: the same
 * document and the same node give the same run, bit for bit. Throws what the node or a pipeline
 * throws.
 */
export const runMarble = (document: MarbleDocument, options: PlayOptions = {}): MarbleRun => {
  const performance = play(document, options)
  const actual = actualDocument(document, performance.happenings)
  const differences = laneFailures(document, actual, performance)
  return {
    document,
    actual,
    failures: [
      ...performance.impossible,
      ...differences,
      ...failedChecks(document, inWrittenWords(document, performance.happenings)),
      // In other orders it would fail in the same way.
      ...(differences.length === 0 && performance.impossible.length === 0
        ? permutesOf(document).flatMap((check) => permuted(document, check, options))
        : []),
      ...leftovers(performance, options),
      ...flawsOf(document),
    ],
  }
}

const laneFailures = (
  document: MarbleDocument,
  actual: MarbleDocument,
  { happenings }: Performance,
): readonly MarbleFailure[] =>
  compare(document, happenings).map(({ lane, ...pair }) => {
    const tick = Math.min(pair.expected?.tick ?? Infinity, pair.actual?.tick ?? Infinity)
    const expected = laneOf(document, lane)
    const at = pair.expected?.at ?? expected?.at
    return {
      problem: `${laneText(lane)} differs at ${durationText(tick * document.tickMs)}`,
      difference: { lane, tick, tickMs: document.tickMs, expected, actual: laneOf(actual, lane) },
      ...(at !== undefined && { at }),
    }
  })

const laneOf = ({ lanes }: MarbleDocument, name: LaneName): Lane | undefined =>
  lanes.find((lane) => laneText(lane) === laneText(name))

const permuted = (
  document: MarbleDocument,
  check: Permute,
  options: PlayOptions,
): readonly MarbleFailure[] => {
  const inputs = inputsByTick(document)
  const at = check.at !== undefined && { at: check.at }
  const flaw = permuteFlaw(check, inputs)
  if (flaw !== undefined) return [{ problem: `permute ${checkText(check)}: ${flaw}`, ...at }]
  for (const inOrder of permutations(check, inputs)) {
    const performance = play(document, { ...options, inOrder })
    const actual = actualDocument(document, performance.happenings)
    const [failure] = [
      ...performance.impossible, ...laneFailures(document, actual, performance),
    ]
    if (failure === undefined) continue
    const problem = `permute ${checkText(check)}: in another order ${failure.problem}`
    return [{ ...failure, ...at, problem }]
  }
  return []
}

const leftovers = (
  { timersLeft }: Performance,
  { want }: PlayOptions,
): readonly MarbleFailure[] => {
  if (timersLeft === 0) return []
  const owner = want === undefined ? '' : ', of the node or of the pipeline that is played'
  const timers = timersLeft === 1 ? '1 timer is' : `${timersLeft} timers are`
  return [{ problem: `${timers} left when the node has stopped${owner}` }]
}
