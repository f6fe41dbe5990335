import type { RetrieveDeclaration, SessionDeclaration, Written } from './document.ts'
import { takeKnown, takeKnownRange, takeNewNames } from './names.ts'
import type { Names } from './names.ts'
import { takeCount } from './quantities.ts'
import type { Scanner } from './scanner.ts'

/** `session s peers A B providers C discovery off` */
export const takeSession = (
  scanner: Scanner,
  written: Written,
  names: Names,
): SessionDeclaration => {
  const session = {
    name: takeOneName(scanner, 'a session'),
    peers: [] as string[],
    providers: [] as string[],
    discovery: true,
  }
  takeFacts(scanner, () => {
    const word = scanner.take(/(?:peers|providers|discovery)\b/y)
    if (word === 'peers' || word === 'providers') session[word] = takeList(scanner, names, 'peers')
    else if (word === 'discovery') session.discovery = takeOff(scanner)
    else throw scanner.error('peers A B, providers A B, or discovery off')
    return word
  })
  return { ...written, ...session }
}

/** Takes the facts of a line, each once: of two, the later would silently win. */
const takeFacts = (scanner: Scanner, takeFact: () => string): void => {
  const told = new Set<string>()
  while (scanner.skipSpace()) {
    const at = scanner.position()
    const word = takeFact()
    if (told.has(word)) throw scanner.error('each fact once', `"${word}" is told already`, at)
    told.add(word)
  }
}

/** `retrieve r x1..x100 concurrency 4 ordered pushed discovery off in s` */
export const takeRetrieve = (
  scanner: Scanner,
  written: Written,
  names: Names,
): RetrieveDeclaration => {
  const name = takeOneName(scanner, 'a retrieve')
  const retrieve: Mutable<RetrieveDeclaration> = {
    ...written,
    name,
    cids: takeList(scanner, names, 'cids'),
    ordered: false,
    pushed: false,
    discovery: true,
  }
  takeFacts(scanner, () => takeRetrieveFact(scanner, names, retrieve))
  return retrieve
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const takeRetrieveFact = (
  scanner: Scanner,
  names: Names,
  retrieve: Mutable<RetrieveDeclaration>,
): string => {
  const word = scanner.take(/(?:concurrency|ordered|pushed|discovery|in)\b/y)
  switch (word) {
    case 'concurrency':
      scanner.skipSpace()
      retrieve.concurrency = takeCount(scanner, 'a number of blocks', 1)
      return word
    case 'ordered': case 'pushed': retrieve[word] = true; return word
    case 'discovery': retrieve.discovery = takeOff(scanner); return word
    case 'in':
      scanner.skipSpace()
      retrieve.session = takeKnown(scanner, names, 'sessions')
      return word
    default: throw scanner.error(
      'a CID, concurrency 4, ordered, pushed, discovery off, or in s (a session)',
    )
  }
}

const takeOneName = (scanner: Scanner, what: string): string => {
  const at = scanner.position()
  const [name = '', ...others] = takeNewNames(scanner, what)
  if (others.length > 0) throw scanner.error('one name', 'a range', at)
  return name
}

const takeOff = (scanner: Scanner): false => {
  scanner.skipSpace()
  if (scanner.take(/off\b/y) === undefined) throw scanner.error('off')
  return false
}

/** Names behind each other, as many as are known: the word after them is no name. */
const takeList = (scanner: Scanner, names: Names, kind: 'peers' | 'cids'): string[] => {
  const list: string[] = []
  while (
    scanner.peek(/ *(?!(?:peers|providers|discovery|concurrency|ordered|pushed|in)\b)[A-Za-z_]/y)
    !== undefined
  ) {
    scanner.skipSpace()
    list.push(...takeKnownRange(scanner, names, kind))
  }
  return list
}
