import type { MarbleCore, MarbleDocument, MarbleMode } from './document.ts'
import { takeDuration } from './quantities.ts'
import type { Keyword, Statement } from './statements.ts'
import { MarbleSyntaxError } from './syntax-error.ts'
import type { SourceLine } from './syntax-error.ts'

type Header = Pick<MarbleDocument, 'title' | 'rule' | 'source' | 'mode' | 'core' | 'tickMs'>

/** Lines a rule may take: what takes more is two rules. */
const MAX_RULE_LINES = 2

/** Reads what a file says once. `end` is given when the lines of a specification must be there. */
export const readHeader = (
  statements: readonly Statement[],
  end: SourceLine | undefined,
): Header => {
  const one = (wanted: Keyword, what?: string): Statement | undefined => {
    const [first, second] = statements.filter(({ keyword }) => keyword === wanted)
    if (second !== undefined)
      throw second.scanner.error(
        'one of each',
        `there is a line "${wanted}" already`,
        second.written.at,
      )
    if (first === undefined && what !== undefined && end !== undefined) {
      throw new MarbleSyntaxError(
        end,
        end.text.length + 1,
        `the file has no line "${wanted}"`,
        what,
      )
    }
    return first
  }
  readVersion(one('marble', 'a first line "marble 1"'))
  const rule = one('rule', 'a line "rule" and the rule that the file pins down')
  return {
    title: textOf(one('title', 'a line "title" and what the file shows')) ?? '',
    rule: rule === undefined ? [] : ruleOf(rule),
    source: textOf(one('source', 'a line "source" and where the rule comes from')) ?? '',
    mode: wordOf(one('mode'), ['time', 'order'] satisfies MarbleMode[]) ?? 'time',
    core:
      wordOf(one('core'), ['exchange', 'client', 'server'] satisfies MarbleCore[]) ?? 'exchange',
    tickMs: tickOf(one('tick')) ?? 1,
  }
}

const readVersion = (statement: Statement | undefined): void => {
  if (statement === undefined) return
  const at = statement.scanner.position()
  const version = statement.scanner.takeRest()
  if (version !== '1') throw statement.scanner.error(
    'marble 1',
    `version "${version}" is not known`,
    at,
  )
}

const textOf = (statement: Statement | undefined): string | undefined => {
  if (statement === undefined) return undefined
  const at = statement.scanner.position()
  const text = statement.scanner.takeRest()
  if (text === '') throw statement.scanner.error('a line of text', 'nothing', at)
  return text
}

const ruleOf = (statement: Statement): readonly string[] => {
  const excess = statement.more[MAX_RULE_LINES - 1]
  if (excess !== undefined) throw excess.error('a rule of at most two lines', 'a third line')
  const first = textOf(statement)
  return [...first === undefined ? [] : [first], ...statement.more.map((line) => line.takeRest())]
}

const wordOf = <W extends string>(
  statement: Statement | undefined,
  words: readonly W[],
): W | undefined => {
  if (statement === undefined) return undefined
  const at = statement.scanner.position()
  const text = statement.scanner.takeRest()
  const word = words.find((known) => known === text)
  if (word === undefined) throw statement.scanner.error(words.join(' or '), `"${text}" is none`, at)
  return word
}

const tickOf = (statement: Statement | undefined): number | undefined => {
  if (statement === undefined) return undefined
  const { scanner } = statement
  const at = scanner.position()
  const tickMs = takeDuration(scanner)
  if (tickMs === 0 || !scanner.atEnd()) throw scanner.error(
    'a duration of 1ms or more',
    undefined,
    at,
  )
  return tickMs
}
