import type { Position } from './document.ts'

/** One line of a file, for pointing at. */
export interface SourceLine {
  readonly file: string
  /** Counts from 1. */
  readonly number: number
  readonly text: string
}

/** A text that is no protocol marble. The message shows the place and says what belongs there. */
export class MarbleSyntaxError extends Error {
  static override readonly name = 'MarbleSyntaxError'
  override readonly name = 'MarbleSyntaxError'
  readonly file: string
  readonly position: Position
  /** What was found. */
  readonly problem: string
  /** What belongs there. */
  readonly expected: string

  constructor (line: SourceLine, column: number, problem: string, expected: string) {
    super(
      `${line.file}:${line.number}:${column}: ${problem}\n`
      + `${pointAt(line.text, column)}\nExpected ${expected}.`,
    )
    this.file = line.file
    this.position = { line: line.number, column }
    this.problem = problem
    this.expected = expected
  }
}

/** The line, cut to what a terminal shows, with a caret under the column. */
const pointAt = (text: string, column: number): string => {
  const from = Math.max(0, column - 80)
  return `  ${text.slice(from, from + 110)}\n  ${' '.repeat(column - 1 - from)}^`
}
