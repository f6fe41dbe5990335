import type {
  CidContent,
  CidDeclaration,
  OptionSetting,
  PeerDeclaration,
  RetrieveDeclaration,
  SessionDeclaration,
  Written,
} from './document.ts'
import { rangesText } from './names.ts'
import { durationText, sizeText } from './quantities.ts'
import { PLAIN_BLOCK_BYTES } from './read-declarations.ts'
import { unitOfOption } from './read-options.ts'

export const optionText = ({ room, name, value }: OptionSetting): string => {
  const values = typeof value === 'number' ? [value] : value
  const texts = values.map((value) => valueText(name, value))
  return `${room}.${name} ${texts.length === 0 ? '[]' : texts.join(' ')}`
}

const valueText = (name: string, value: number): string => {
  if (value === Infinity) return 'Infinity'
  switch (unitOfOption(name)) {
    case 'duration': return durationText(value)
    case 'size': return sizeText(value)
    default: return `${value}`
  }
}

export const peerFacts = ({ version, connected }: PeerDeclaration): string =>
  words(version !== '1.2' && version, !connected && 'down')

export const cidFacts = ({ form, content, stored }: CidDeclaration): string =>
  words(
    contentText(content),
    form !== 'plain' && content.type !== 'forges' && form,
    stored && 'stored',
  )

const contentText = (content: CidContent): string => {
  switch (content.type) {
    case 'seeded': return content.byteLength === PLAIN_BLOCK_BYTES
      ? ''
      : sizeText(content.byteLength)
    case 'text': return JSON.stringify(content.text)
    case 'same': case 'forges': return `${content.type} ${content.cid}`
    default: return content satisfies never
  }
}

export const sessionText = ({ name, peers, providers, discovery }: SessionDeclaration): string =>
  words(
    name,
    peers.length > 0 && `peers ${rangesText(peers)}`,
    providers.length > 0 && `providers ${rangesText(providers)}`,
    !discovery && 'discovery off',
  )

export const retrieveText = (retrieve: RetrieveDeclaration): string => words(
  retrieve.name,
  rangesText(retrieve.cids),
  retrieve.concurrency !== undefined && `concurrency ${retrieve.concurrency}`,
  retrieve.ordered && 'ordered',
  retrieve.pushed && 'pushed',
  !retrieve.discovery && 'discovery off',
  retrieve.session !== undefined && `in ${retrieve.session}`,
)

const words = (...parts: readonly (string | false)[]): string =>
  parts.filter((part) => part !== false && part !== '').join(' ')

interface DeclarationLine<D> {
  readonly text: string
  /** The declaration whose comments stand above the line. */
  readonly first: D
}

/** Neighbours with the same facts share a line, up to the next comment or the width. */
export const declarationLines = <D extends Written & { readonly name: string }>(
  declarations: readonly D[],
  factsOf: (declaration: D) => string,
  width: number,
): readonly DeclarationLine<D>[] => {
  const groups: { readonly first: D, readonly facts: string, readonly names: string[] }[] = []
  for (const declaration of declarations) {
    const group = groups.at(-1)
    const facts = factsOf(declaration)
    if (group?.facts === facts && declaration.notes === undefined) group.names.push(
      declaration.name,
    )
    else groups.push({ first: declaration, facts, names: [declaration.name] })
  }
  return groups.flatMap(({ first, facts, names }) =>
    breakWords(rangesText(names).split(' '), width - facts.length - 1).map((line, i) =>
      ({ text: words(line, facts), first: i === 0 ? first : { ...first, notes: [] } })))
}

const breakWords = (list: readonly string[], width: number): readonly string[] => {
  const lines: string[] = []
  for (const word of list) {
    const line = lines.at(-1)
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word)
    else lines.splice(-1, 1, `${line} ${word}`)
  }
  return lines
}
