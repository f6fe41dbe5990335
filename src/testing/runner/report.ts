import { formatMarble } from '../marble/format.ts'
import { layGrid } from '../marble/grid.ts'
import { laneText } from '../marble/lanes.ts'
import type { Lane } from '../marble/lanes.ts'
import { durationText } from '../marble/quantities.ts'
import { cellTexts } from '../marble/write-lanes.ts'
import type { MarbleDocument } from '../marble/document.ts'
import type { Difference, MarbleFailure, MarbleRun } from './run-marble.ts'

/**
 * A failed run for people: each failure with its line, what was written above what happened with a
 * caret under the first difference, and the whole run as a document that can take the file's place.
 */
export const reportOf = (run: MarbleRun, file = 'marble'): string => [
  ...run.failures.map((failure) => failureText(run, failure, file)),
  'What happened, as a document:',
  indented(formatMarble(run.actual)),
].join('\n\n')

const failureText = (run: MarbleRun, { problem, at, difference }: MarbleFailure, file: string): string => {
  const place = at === undefined ? file : `${file}:${at.line}:${at.column}`
  const rows = difference === undefined ? '' : `\n${differenceRows(run, difference)}`
  return `${place}: ${problem}${rows}`
}

const WIDTH = 96

const differenceRows = ({ document, actual }: MarbleRun, { lane, ...placed }: Difference): string => {
  const tick = Math.min(placed.expected?.tick ?? Infinity, placed.actual?.tick ?? Infinity)
  const systems = layGrid([
    { label: `expected  ${laneText(lane)}:`, cells: textsIn(document, laneText(lane)) },
    { label: `actual    ${laneText(lane)}:`, cells: textsIn(actual, laneText(lane)) },
  ], {
    width: WIDTH,
    endTick: 0,
    gapText: (ticks) => durationText(ticks * document.tickMs),
  })
  const system = systems.find(({ offsets }) => offsets.has(tick))
  const caret = `${' '.repeat(system?.offsets.get(tick) ?? 0)}^`
  return indented([...(system?.lines ?? []).map(({ text }) => text), caret].join('\n'))
}

const textsIn = ({ lanes }: MarbleDocument, key: string): ReadonlyMap<number, string> => {
  const lane: Lane | undefined = lanes.find((candidate) => laneText(candidate) === key)
  return lane === undefined ? new Map<number, string>() : cellTexts(lane)
}

const indented = (text: string): string => text.trimEnd().replace(/^(?=.)/gm, '  ')
