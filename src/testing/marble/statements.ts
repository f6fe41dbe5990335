import type { Written } from './document.ts'
import { scan } from './scanner.ts'
import type { Scanner } from './scanner.ts'
import type { SourceLine } from './syntax-error.ts'

/** Every word that begins a line of a file, in the order in which the formatter writes them. */
export const KEYWORDS = [
  'marble', 'title', 'rule', 'source', 'mode', 'core', 'tick', 'option', 'peer', 'cid', 'session',
  'retrieve', 'ignore', 'at', 'order', 'never', 'always', 'permute',
] as const

export type Keyword = (typeof KEYWORDS)[number]

/** A file says these once. */
const HEADER: ReadonlySet<string> = new Set([
  'marble', 'title', 'rule', 'source', 'mode', 'core', 'tick',
])

/** The comments above what a file says once. */
export const prefaceOf = (statements: readonly Statement[]): readonly string[] =>
  statements.filter(({ keyword }) => HEADER.has(keyword))
    .flatMap(({ written }) => written.notes ?? [])

/** These take the rest of their line as it is, semicolons too. */
const TEXTS: ReadonlySet<string> = new Set(['title', 'rule', 'source'])

/** One line of a file that says something. */
export interface Statement {
  readonly keyword: Keyword | 'lane'
  /** Stands behind the keyword; at the start of the lane's name. */
  readonly scanner: Scanner
  /** The lines that go on with a `rule`, deeper indented than it. */
  readonly more: Scanner[]
  readonly written: Written
}

interface Statements {
  readonly statements: readonly Statement[]
  /** The comments below the last statement. */
  readonly notes: readonly string[]
}

export const linesOf = (text: string, file: string): readonly SourceLine[] =>
  text.split(/\r?\n/).map((line, index) => ({ file, number: index + 1, text: line }))

/** Cuts lines into statements. A comment belongs to the statement below it, or on its line. */
export const statementsOf = (lines: readonly SourceLine[]): Statements => {
  const statements: Statement[] = []
  let notes: string[] = []
  for (const line of lines) {
    const start = line.text.search(/\S/)
    if (start < 0) continue
    const last = statements.at(-1)
    if (line.text[start] === ';') {
      notes.push(line.text.slice(start + 1).trim())
    } else if (last?.keyword === 'rule' && start >= columnOf(last)) {
      last.more.push(scan(line, start, line.text.length))
    } else {
      statements.push(statementOf(line, start, notes))
      notes = []
    }
  }
  return { statements, notes }
}

const columnOf = ({ written }: Statement): number => written.at?.column ?? 1

const statementOf = (line: SourceLine, start: number, above: readonly string[]): Statement => {
  const keyword = keywordOf(line, start)
  const end = keyword !== 'lane' && TEXTS.has(keyword) ? line.text.length : commentStart(line.text)
  const comment = line.text.slice(end + 1).trim()
  const notes = [...above, ...comment === '' ? [] : [comment]]
  const scanner = scan(line, start, end)
  const at = scanner.position()
  if (keyword !== 'lane') {
    scanner.take(keyword)
    scanner.skipSpace()
  }
  return { keyword, scanner, more: [], written: { at, ...notes.length > 0 && { notes } } }
}

/** A line with a colon behind its first words is a lane. */
const keywordOf = (line: SourceLine, start: number): Keyword | 'lane' => {
  const word = /^[a-z]+(?![\w>:])/.exec(line.text.slice(start))?.[0]
  const keyword = KEYWORDS.find((known) => known === word)
  if (keyword !== undefined) return keyword
  if (/^[\w>]+( +\w+)? *:/.test(line.text.slice(start))) return 'lane'
  throw scan(line, start, line.text.length)
    .error(`a lane, such as "me>A:", or one of ${KEYWORDS.join(', ')}`)
}

/** Where the comment begins: a semicolon outside of quotes. */
const commentStart = (text: string): number => {
  const found = /^(?:[^";]|"(?:[^"\\]|\\.)*"?)*/.exec(text)
  return found?.[0].length ?? text.length
}
