import type { Position } from './document.ts'
import { MarbleSyntaxError } from './syntax-error.ts'
import type { SourceLine } from './syntax-error.ts'

/** Reads one line from left to right. */
export interface Scanner {
  readonly line: SourceLine
  /** Where the next character stands. */
  position(): Position
  atEnd(): boolean
  /** Takes the text, or the match of a sticky expression, that stands here. */
  take(token: string | RegExp): string | undefined
  /** Takes spaces; whether there were any. */
  skipSpace(): boolean
  /** The same, without taking it. */
  peek(token: string | RegExp): string | undefined
  /** Takes the rest of the line, without spaces around it. */
  takeRest(): string
  /** The error of this place, or of another on the line. */
  error(expected: string, problem?: string, at?: Position): MarbleSyntaxError
}

/** Reads `line` from `start` to `end`, both counted from 0. */
export const scan = (line: SourceLine, start: number, end: number): Scanner => {
  let offset = start
  const text = line.text.slice(0, end).trimEnd()

  const match = (token: string | RegExp): string | undefined => {
    if (typeof token === 'string') return text.startsWith(token, offset) ? token : undefined
    token.lastIndex = offset
    return token.exec(text)?.[0]
  }
  const take = (token: string | RegExp): string | undefined => {
    const taken = match(token)
    offset += taken?.length ?? 0
    return taken
  }
  const position = (): Position => ({ line: line.number, column: offset + 1 })
  const found = (): string => {
    const word = match(/[\w-]+|[^\s]/y)
    if (word !== undefined) return `unexpected "${word}"`
    return offset >= text.length ? 'the line ends here' : 'an unexpected space'
  }

  return {
    line,
    position,
    take,
    atEnd: () => offset >= text.length,
    skipSpace: () => take(/[ \t]+/y) !== undefined,
    peek: match,
    takeRest: () => (take(/.*/y) ?? '').trim(),
    error: (expected, problem = found(), at = position()) =>
      new MarbleSyntaxError(line, at.column, problem, expected),
  }
}
