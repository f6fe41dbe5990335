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
  while (scanner.skipSpace()) {
    const word = scanner.take(/(?:peers|providers|discovery)\b/y)
    if (word === 'peers' || word === 'providers')
      session[word].push(...takeList(scanner, names, 'peers'))
    else if (word === 'discovery') session.discovery = takeOff(scanner)
    else throw scanner.error('peers A B, providers A B, or discovery off')
  }
  return { ...written, ...session }
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
  while (scanner.skipSpace()) takeRetrieveFact(scanner, names, retrieve)
  return retrieve
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const takeRetrieveFact = (
  scanner: Scanner,
  names: Names,
  retrieve: Mutable<RetrieveDeclaration>,
): void => {
  switch (scanner.take(/(?:concurrency|ordered|pushed|discovery|in)\b/y)) {
    case 'concurrency':
      scanner.skipSpace()
      retrieve.concurrency = takeCount(scanner, 'a number of blocks', 1)
      return
    case 'ordered': retrieve.ordered = true; return
    case 'pushed': retrieve.pushed = true; return
    case 'discovery': retrieve.discovery = takeOff(scanner); return
    case 'in':
      scanner.skipSpace()
      retrieve.session = takeKnown(scanner, names, 'sessions')
      return
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
