import { CLIENT_DEFAULTS, SERVER_DEFAULTS } from '../../options.ts'
import type {
  CidContent, CidDeclaration, CidForm, OptionSetting, PeerDeclaration, RetrieveDeclaration, SessionDeclaration, Written,
} from './document.ts'
import { takeVersion } from './notation/link.ts'
import { takeKnown, takeKnownRange, takeNewNames } from './names.ts'
import type { Names } from './names.ts'
import { takeDuration, takeInteger, takeSize } from './quantities.ts'
import type { Scanner } from './scanner.ts'

/** Bytes of a block whose declaration says nothing else. */
export const PLAIN_BLOCK_BYTES = 100

/** `option client.maxWantsPerPeer 2` */
export const takeOption = (scanner: Scanner, written: Written): OptionSetting => {
  const room = scanner.take(/(?:client|server)(?=\.)/y)
  if (room !== 'client' && room !== 'server') throw scanner.error('client. or server. and the name of an option')
  scanner.take('.')
  const defaults: Readonly<Record<string, unknown>> = room === 'client' ? { ...CLIENT_DEFAULTS } : { ...SERVER_DEFAULTS }
  const at = scanner.position()
  const name = scanner.take(/\w+/y) ?? ''
  if (!(name in defaults)) {
    throw scanner.error(`one of ${Object.keys(defaults).join(', ')}`, `${room} has no option "${name}"`, at)
  }
  const values: number[] = []
  while (scanner.skipSpace()) values.push(takeOptionValue(scanner, name))
  const [value] = values
  const isList = Array.isArray(defaults[name])
  if (value === undefined || (values.length > 1 && !isList)) throw scanner.error(isList ? 'one or more values' : 'one value')
  return { ...written, room, name, value: isList ? values : value }
}

/** The unit of an option stands in its name. */
export type OptionUnit = 'duration' | 'size' | 'count'

export const unitOfOption = (name: string): OptionUnit =>
  name.endsWith('Ms') ? 'duration' : name.includes('Bytes') ? 'size' : 'count'

const takeOptionValue = (scanner: Scanner, name: string): number => {
  switch (unitOfOption(name)) {
    case 'duration': return takeDuration(scanner)
    case 'size': return takeSize(scanner)
    default: return takeInteger(scanner, 'a number')
  }
}

type PeerFacts = Pick<PeerDeclaration, 'version' | 'connected'>

/** `peer A B 1.1 down` */
export const takePeers = (scanner: Scanner, written: Written): readonly PeerDeclaration[] => {
  const plain: PeerFacts = { version: '1.2', connected: true }
  const { names, facts } = takeNamesAndFacts<PeerFacts>(scanner, 'a peer', plain, () => {
    if (scanner.peek(/\d/y) !== undefined) return { version: takeVersion(scanner) }
    return scanner.take(/down\b/y) === undefined ? undefined : { connected: false }
  })
  return names.map((name, i) => ({ ...writtenOf(written, i), name, ...facts }))
}

type CidFacts = Pick<CidDeclaration, 'form' | 'content' | 'stored'>

const PLAIN: CidFacts = { form: 'plain', content: { type: 'seeded', byteLength: PLAIN_BLOCK_BYTES }, stored: false }

/** `cid x y 256KiB stored` */
export const takeCids = (scanner: Scanner, written: Written, known: Names): readonly CidDeclaration[] => {
  const { names, facts } = takeNamesAndFacts<CidFacts>(scanner, 'a CID', PLAIN, () => takeCidFact(scanner, known))
  return names.map((name, i) => ({ ...writtenOf(written, i), name, ...facts }))
}

const takeCidFact = (scanner: Scanner, known: Names): Partial<CidFacts> | undefined => {
  if (scanner.peek(/\d/y) !== undefined) return { content: { type: 'seeded', byteLength: takeSize(scanner) } }
  if (scanner.peek('"') !== undefined) return { content: { type: 'text', text: takeText(scanner) } }
  const word = scanner.take(/(?:stored|v0|identity|huge|unknown|same|forges)\b/y)
  switch (word) {
    case undefined: return undefined
    case 'stored': return { stored: true }
    case 'same': case 'forges': return takeDerived(scanner, known, word)
    default: return { form: word as CidForm }
  }
}

/** `same x`, `forges x`: of a CID declared above. */
const takeDerived = (scanner: Scanner, known: Names, type: 'same' | 'forges'): Partial<CidFacts> => {
  scanner.skipSpace()
  const content: CidContent = { type, cid: takeKnown(scanner, known, 'cids') }
  return { content, ...type === 'forges' && { form: 'identity' } }
}

const takeText = (scanner: Scanner): string => {
  const text = scanner.take(/"(?:[^"\\]|\\.)*"/y)
  if (text === undefined) throw scanner.error('a text in double quotes')
  try {
    return JSON.parse(text) as string
  } catch {
    throw scanner.error('a text as JSON writes it, before this place', 'a broken text')
  }
}

/** Names, then facts about all of them. */
const takeNamesAndFacts = <F>(
  scanner: Scanner,
  what: string,
  plain: F,
  takeFact: () => Partial<F> | undefined,
): { readonly names: readonly string[], readonly facts: F } => {
  const names: string[] = []
  let facts: F | undefined
  do {
    const fact = names.length === 0 ? undefined : takeFact()
    if (fact !== undefined) facts = { ...facts ?? plain, ...fact }
    else if (facts === undefined && !scanner.atEnd()) names.push(...takeNewNames(scanner, what))
    else throw scanner.error(facts === undefined ? what : `a fact about ${what}, or the end of the line`)
  } while (scanner.skipSpace())
  return { names, facts: facts ?? plain }
}

/** Comments belong to the first name of a line. */
const writtenOf = ({ at, notes }: Written, index: number): Written =>
  ({ ...at && { at }, ...notes && index === 0 && { notes } })

/** `session s peers A B providers C discovery off` */
export const takeSession = (scanner: Scanner, written: Written, names: Names): SessionDeclaration => {
  const session = { name: takeOneName(scanner, 'a session'), peers: [] as string[], providers: [] as string[], discovery: true }
  while (scanner.skipSpace()) {
    const word = scanner.take(/(?:peers|providers|discovery)\b/y)
    if (word === 'peers' || word === 'providers') session[word].push(...takeList(scanner, names, 'peers'))
    else if (word === 'discovery') session.discovery = takeOff(scanner)
    else throw scanner.error('peers A B, providers A B, or discovery off')
  }
  return { ...written, ...session }
}

/** `retrieve r x1..x100 concurrency 4 ordered pushed discovery off in s` */
export const takeRetrieve = (scanner: Scanner, written: Written, names: Names): RetrieveDeclaration => {
  const name = takeOneName(scanner, 'a retrieve')
  const retrieve: Mutable<RetrieveDeclaration> = {
    ...written, name, cids: takeList(scanner, names, 'cids'), ordered: false, pushed: false, discovery: true,
  }
  while (scanner.skipSpace()) takeRetrieveFact(scanner, names, retrieve)
  return retrieve
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

const takeRetrieveFact = (scanner: Scanner, names: Names, retrieve: Mutable<RetrieveDeclaration>): void => {
  switch (scanner.take(/(?:concurrency|ordered|pushed|discovery|in)\b/y)) {
    case 'concurrency':
      scanner.skipSpace()
      retrieve.concurrency = takeInteger(scanner, 'a number of blocks')
      return
    case 'ordered': retrieve.ordered = true; return
    case 'pushed': retrieve.pushed = true; return
    case 'discovery': retrieve.discovery = takeOff(scanner); return
    case 'in':
      scanner.skipSpace()
      retrieve.session = takeKnown(scanner, names, 'sessions')
      return
    default: throw scanner.error('a CID, concurrency 4, ordered, pushed, discovery off, or in s (a session)')
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
  while (scanner.peek(/ *(?!(?:peers|providers|discovery|concurrency|ordered|pushed|in)\b)[A-Za-z_]/y) !== undefined) {
    scanner.skipSpace()
    list.push(...takeKnownRange(scanner, names, kind))
  }
  return list
}
