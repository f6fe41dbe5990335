import type { MarbleDocument, Position } from '../marble/document.ts'
import { laneText } from '../marble/lanes.ts'
import { checkText } from '../marble/write-checks.ts'
import { actualDocument, inWrittenWords } from './actual.ts'
import { failedChecks } from './checks.ts'
import { compare } from './compare.ts'
import type { Difference } from './compare.ts'
import { permutations, permutesOf } from './permutations.ts'
import { inputsByTick, play } from './play.ts'
import type { Performance, PlayOptions } from './play.ts'
import { flawsOf } from './worth.ts'

export type { ExchangeFactory } from './stage.ts'
export type { WantPipeline } from './app-lane.ts'
export type { Difference, Placed } from './compare.ts'
export type { PlayOptions } from './play.ts'

/** One thing that is not as it should be. */
export interface MarbleFailure {
  /** One line. */
  readonly problem: string
  /** The line of the file that it is about. */
  readonly at?: Position
  /** Where a lane went another way than written. */
  readonly difference?: Difference
}

/** What came of a document. */
export interface MarbleRun {
  readonly document: MarbleDocument
  /** What happened: the document itself if all is as written. */
  readonly actual: MarbleDocument
  /** None if all is well: first those of lanes, in their order, then those of checks, then flaws of the document. */
  readonly failures: readonly MarbleFailure[]
}

/**
 * Plays a document against a node and compares. In virtual time and without chance: the same document
 * and the same node give the same run, bit for bit. Throws what the node or a pipeline throws.
 */
export const runMarble = (document: MarbleDocument, options: PlayOptions = {}): MarbleRun => {
  const performance = play(document, options)
  const happenings = inWrittenWords(document, performance.happenings)
  const differences = laneFailures(document, performance)
  return {
    document,
    actual: actualDocument(document, happenings),
    failures: [
      ...differences,
      ...failedChecks(document, happenings),
      // In other orders it would fail in the same way.
      ...(differences.length === 0 ? permutesOf(document).flatMap((check) => permuted(document, check, options)) : []),
      ...leftovers(performance),
      ...flawsOf(document),
    ],
  }
}

const laneFailures = (document: MarbleDocument, { happenings }: Performance): readonly MarbleFailure[] =>
  compare(document, happenings).map((difference) => {
    const { lane, expected, actual } = difference
    const at = expected?.at ?? document.lanes.find((written) => laneText(written) === laneText(lane))?.at
    const tick = Math.min(expected?.tick ?? Infinity, actual?.tick ?? Infinity)
    return {
      problem: `${laneText(lane)} is not as written, from ${tick * document.tickMs}ms on`,
      difference,
      ...(at !== undefined && { at }),
    }
  })

const permuted = (
  document: MarbleDocument,
  check: ReturnType<typeof permutesOf>[number],
  options: PlayOptions,
): readonly MarbleFailure[] => {
  const orders = permutations(check, inputsByTick(document))
  const at = check.at !== undefined && { at: check.at }
  if (orders === undefined) {
    return [{ problem: `permute ${checkText(check)} cannot fail: it is about fewer than two inputs of one tick`, ...at }]
  }
  for (const { inOrder } of orders) {
    const [failure] = laneFailures(document, play(document, { ...options, inOrder }))
    if (failure !== undefined) {
      return [{ ...failure, ...at, problem: `permute ${checkText(check)}: in another order, ${failure.problem}` }]
    }
  }
  return []
}

const leftovers = ({ timersLeft }: Performance): readonly MarbleFailure[] =>
  timersLeft === 0 ? [] : [{ problem: `the node left ${timersLeft} timers when it was stopped` }]
