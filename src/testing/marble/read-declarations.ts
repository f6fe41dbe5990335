import type {
  CidContent, CidDeclaration, CidForm, PeerDeclaration, Position, Written,
} from './document.ts'
import { takeVersion } from './notation/link.ts'
import { takeKnown, takeNewNames } from './names.ts'
import type { Names } from './names.ts'
import { takeSize } from './quantities.ts'
import type { Scanner } from './scanner.ts'

/** Bytes of a block whose declaration says nothing else. */
export const PLAIN_BLOCK_BYTES = 100

/** Far more than a message holds, and little enough to be made for a run. */
const MAX_PLAYED_BYTES = 64 * 1024 ** 2

/** More than any node takes for a CID, and little enough to be a key. */
const MAX_IDENTITY_BYTES = 64 * 1024

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

const PLAIN: CidFacts = {
  form: 'plain',
  content: { type: 'seeded', byteLength: PLAIN_BLOCK_BYTES },
  stored: false,
}

/** `cid x y 256KiB stored` */
export const takeCids = (
  scanner: Scanner,
  written: Written,
  known: Names,
): readonly CidDeclaration[] => {
  const at = scanner.position()
  const { names, facts } = takeNamesAndFacts<CidFacts>(scanner, 'a CID', PLAIN, () =>
    takeCidFact(scanner, known),
  )
  const { form, content } = facts
  if (form === 'identity' && content.type === 'seeded' && content.byteLength > MAX_IDENTITY_BYTES) {
    throw scanner.error('at most 64KiB', 'an identity CID holds all bytes of its block', at)
  }
  return names.map((name, i) => ({ ...writtenOf(written, i), name, ...facts }))
}

const takeCidFact = (scanner: Scanner, known: Names): Partial<CidFacts> | undefined => {
  if (scanner.peek(/\d/y) !== undefined) return {
    content: {
      type: 'seeded',
      byteLength: takeSize(scanner, MAX_PLAYED_BYTES),
    },
  }
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
const takeDerived = (
  scanner: Scanner,
  known: Names,
  type: 'same' | 'forges',
): Partial<CidFacts> => {
  scanner.skipSpace()
  const content: CidContent = { type, cid: takeKnown(scanner, known, 'cids') }
  return { content, form: type === 'forges' ? 'identity' : 'plain' }
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
  let facts: Partial<F> | undefined
  do {
    const at = scanner.position()
    const fact = names.length === 0 ? undefined : takeFact()
    if (fact !== undefined) facts = withFact(scanner, at, facts ?? {}, fact)
    else if (facts === undefined && !scanner.atEnd()) names.push(...takeNewNames(scanner, what))
    else throw scanner.error(
      facts === undefined ? what : `a fact about ${what}, or the end of the line`,
    )
  } while (scanner.skipSpace())
  return { names, facts: { ...plain, ...facts } }
}

/** Of two facts about one matter, the later would silently win. */
const withFact = <F>(
  scanner: Scanner,
  at: Position,
  facts: Partial<F>,
  fact: Partial<F>,
): Partial<F> => {
  const again = Object.keys(fact).find((matter) => Object.hasOwn(facts, matter))
  if (again === undefined) return { ...facts, ...fact }
  throw scanner.error('one fact about each', `the ${again} is told already`, at)
}

/** Comments belong to the first name of a line. */
const writtenOf = ({ at, notes }: Written, index: number): Written =>
  ({ ...at && { at }, ...notes && index === 0 && { notes } })
