import type { Check, Pattern, Written } from './document.ts'
import type { Names } from './names.ts'
import { takePattern } from './read-patterns.ts'
import type { Scanner } from './scanner.ts'
import type { Statement } from './statements.ts'

/** Reads the check that a line of its keyword holds; nothing for other lines. */
export const takeCheckIfAny = (
  { keyword, scanner, written }: Statement,
  names: Names,
): readonly Check[] => {
  const check = takeCheck(keyword, scanner, written, names)
  if (check === undefined) return []
  scanner.skipSpace()
  if (!scanner.atEnd()) throw scanner.error('the end of the line')
  return [check]
}

const takeCheck = (
  keyword: Statement['keyword'],
  scanner: Scanner,
  written: Written,
  names: Names,
): Check | undefined => {
  switch (keyword) {
    case 'order': return { ...written, type: keyword, patterns: takePatterns(scanner, names, '<') }
    case 'permute': return {
      ...written,
      type: keyword,
      patterns: takePatterns(scanner, names, ','),
    }
    case 'never': return { ...written, type: keyword, pattern: takePattern(scanner, names) }
    case 'always': return { ...written, type: keyword, rule: takeRule(scanner) }
    default: return undefined
  }
}

const takeRule = (scanner: Scanner): string => {
  const rule = scanner.take(/[a-z][a-z0-9-]*/y)
  if (rule === undefined) throw scanner.error('the name of a rule, such as one-send-at-a-time')
  return rule
}

const takePatterns = (scanner: Scanner, names: Names, separator: string): readonly Pattern[] => {
  const patterns = [takePattern(scanner, names)]
  while (!scanner.atEnd()) {
    scanner.skipSpace()
    if (scanner.take(separator) === undefined) throw scanner.error(`"${separator}"`)
    scanner.skipSpace()
    patterns.push(takePattern(scanner, names))
  }
  if (patterns.length < 2) throw scanner.error(`"${separator}" and what to compare it with`)
  return patterns
}
