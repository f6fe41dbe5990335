import type { IgnoredLane, MarbleDocument, OptionSetting, Written } from './document.ts'
import { takeLaneName } from './lane-names.ts'
import type { Names } from './names.ts'
import { takeCheckIfAny } from './read-checks.ts'
import { takeCids, takePeers } from './read-declarations.ts'
import { readHeader } from './read-header.ts'
import { readLanes } from './read-lanes.ts'
import { takeOption } from './read-options.ts'
import { takeRetrieve, takeSession } from './read-requests.ts'
import type { Scanner } from './scanner.ts'
import { linesOf, prefaceOf, statementsOf } from './statements.ts'
import type { Keyword, Statement } from './statements.ts'

export interface ParseOptions {
  /** For messages. Default `marble`. */
  readonly file?: string
  /** Whether `marble 1`, `title`, `rule` and `source` must be there. Default `required`. */
  readonly header?: 'required' | 'optional'
}

/** Reads a protocol marble. Throws a `MarbleSyntaxError` that points at the first mistake. */
export const parseMarble = (text: string, options: ParseOptions = {}): MarbleDocument => {
  const { file = 'marble', header = 'required' } = options
  const lines = linesOf(text, file)
  const { statements, notes } = statementsOf(lines)
  const head = readHeader(statements, header === 'required' ? lines.at(-1) : undefined)
  const { names, ...declarations } = readDeclarations(statements)
  const { lanes, endTick, notes: lastNotes } = readLanes(statements, names, head.tickMs)
  return {
    ...notesAs('preface', prefaceOf(statements)),
    ...head,
    ...declarations,
    ignored: readAll(statements, 'ignore', (scanner, written): IgnoredLane[] =>
      [{ ...written, lane: takeLaneName(scanner, names) }]),
    lanes,
    ticks: endTick,
    checks: statements.flatMap((statement) => takeCheckIfAny(statement, names)),
    ...notesAs('notes', [...lastNotes, ...notes]),
  }
}

const notesAs = (
  field: 'preface' | 'notes',
  notes: readonly string[],
): Pick<MarbleDocument, 'preface' | 'notes'> => notes.length > 0 ? { [field]: notes } : {}

/** Names are declared before they are used, so peers, CIDs, sessions and retrieves go in turn. */
const readDeclarations = (statements: readonly Statement[]) => {
  const names = {
    peers: new Set<string>(),
    cids: new Set<string>(),
    sessions: new Set<string>(),
    retrieves: new Set<string>(),
  }
  const declare = <D extends { readonly name: string }>(
    keyword: Keyword,
    kind: keyof Names,
    take: Take<D>,
  ): readonly D[] =>
    readAll(statements, keyword, (scanner, written) => {
      const at = scanner.position()
      const declared = take(scanner, written)
      for (const { name } of declared) {
        const isTaken = Object.values(names).some((taken) => taken.has(name))
        if (isTaken) throw scanner.error('another name', `"${name}" is declared already`, at)
        names[kind].add(name)
      }
      return declared
    })
  return {
    names,
    options: readOptions(statements),
    peers: declare('peer', 'peers', takePeers),
    cids: declare('cid', 'cids', (scanner, written) => takeCids(scanner, written, names)),
    sessions: declare('session', 'sessions', (scanner, written) => [
      takeSession(scanner, written, names),
    ]),
    retrieves: declare('retrieve', 'retrieves', (scanner, written) => [
      takeRetrieve(scanner, written, names),
    ]),
  }
}

/** Of two settings of one option, the later would silently win. */
const readOptions = (statements: readonly Statement[]): readonly OptionSetting[] => {
  const set = new Set<string>()
  return readAll(statements, 'option', (scanner, written) => {
    const at = scanner.position()
    const option = takeOption(scanner, written)
    const name = `${option.room}.${option.name}`
    if (set.has(name)) throw scanner.error('another option', `${name} is set already`, at)
    set.add(name)
    return [option]
  })
}

type Take<T> = (scanner: Scanner, written: Written) => readonly T[]

/** Reads all statements of a keyword, each to the end of its line. */
const readAll = <T>(
  statements: readonly Statement[],
  wanted: Keyword,
  take: Take<T>,
): readonly T[] =>
  statements
    .filter(({ keyword }) => keyword === wanted)
    .flatMap(({ scanner, written }) => {
      const taken = take(scanner, written)
      scanner.skipSpace()
      if (!scanner.atEnd()) throw scanner.error('the end of the line')
      return taken
    })
