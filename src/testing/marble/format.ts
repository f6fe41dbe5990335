import type { MarbleDocument, Written } from './document.ts'
import { laneText } from './lanes.ts'
import { durationText } from './quantities.ts'
import { checkText } from './write-checks.ts'
import {
  cidFacts, declarationLines, optionText, peerFacts, retrieveText, sessionText,
} from './write-declarations.ts'
import { layLanes } from './write-lanes.ts'

export interface FormatOptions {
  /** Columns of a line, as far as a single cell allows. Default 100. */
  readonly width?: number
}

/** Writes a protocol marble. `parseMarble` makes the same document of it, positions aside. */
export const formatMarble = (
  document: MarbleDocument,
  { width = 100 }: FormatOptions = {},
): string => {
  const blocks = [
    headerLines(document),
    settingLines(document, width),
    ...systemLines(document, width),
    document.checks.flatMap((check) => statement(check.type, checkText(check), check)),
    (document.notes ?? []).map(noteLine),
  ]
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

/** Keywords take so many columns. */
const KEYWORD_WIDTH = 8

const line = (keyword: string, text: string): string =>
  `${keyword.padEnd(KEYWORD_WIDTH)}${keyword.length < KEYWORD_WIDTH ? '' : ' '}${text}`

const noteLine = (note: string): string => `; ${note}`.trimEnd()

const statement = (keyword: string, text: string, { notes = [] }: Written): readonly string[] =>
  [...notes.map(noteLine), line(keyword, text)]

const headerLines = (document: MarbleDocument): readonly string[] => {
  const { preface = [], title, rule, source } = document
  return [
    ...preface.map(noteLine),
    'marble 1',
    ...title === '' ? [] : [line('title', title)],
    ...rule.map((text, i) => line(i === 0 ? 'rule' : '', text)),
    ...source === '' ? [] : [line('source', source)],
  ]
}

const settingLines = (document: MarbleDocument, width: number): readonly string[] => {
  const { mode, core, tickMs, options, peers, cids, sessions, retrieves, ignored } = document
  const textWidth = width - KEYWORD_WIDTH
  return [
    ...(mode === 'time' ? [] : [line('mode', mode)]),
    ...(core === 'exchange' ? [] : [line('core', core)]),
    ...(tickMs === 1 ? [] : [line('tick', durationText(tickMs))]),
    ...options.flatMap((option) => statement('option', optionText(option), option)),
    ...declarationLines(peers, peerFacts, textWidth).flatMap(({ text, first }) =>
      statement('peer', text, first),
    ),
    ...declarationLines(cids, cidFacts, textWidth).flatMap(({ text, first }) =>
      statement('cid', text, first),
    ),
    ...sessions.flatMap((session) => statement('session', sessionText(session), session)),
    ...retrieves.flatMap((retrieve) => statement('retrieve', retrieveText(retrieve), retrieve)),
    ...ignored.flatMap((ignore) => statement('ignore', laneText(ignore.lane), ignore)),
  ]
}

/** Later systems begin with their time, and leave out the lanes in which nothing happens. */
const systemLines = (
  { lanes, tickMs, ticks }: MarbleDocument,
  width: number,
): readonly (readonly string[])[] =>
  layLanes(lanes, tickMs, ticks, width).map(({ startTick, lines }, i) => [
    ...(i === 0 ? [] : [line('at', durationText(startTick * tickMs))]),
    ...lines.flatMap(({ text, isBlank }, row) =>
      i > 0 ? (isBlank ? [] : [text]) : [...(lanes[row]?.notes ?? []).map(noteLine), text],
    ),
  ])
