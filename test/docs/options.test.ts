import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { CLIENT_DEFAULTS, SERVER_DEFAULTS } from '../../src/options.ts'
import { ROOT } from './samples.ts'

/** Name and doc comment of each member of an interface of `src/options.ts`. */
const membersOf = (name: string): (readonly [name: string, doc: string])[] => {
  const path = `${ROOT}src/options.ts`
  const text = readFileSync(path, 'utf8')
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found = source.statements.find((statement) =>
    ts.isInterfaceDeclaration(statement) && statement.name.text === name) as ts.InterfaceDeclaration
  return found.members.map((member) => [member.name!.getText(), docOf(member)])
}

const docOf = (node: ts.Node): string =>
  ts.getJSDocCommentsAndTags(node)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join(' ')
    .replaceAll(/\s+/g, ' ')

const tableOf = (name: string, defaults: object): string => [
  '| option | default | meaning |',
  '| --- | --- | --- |',
  ...membersOf(name).map(([member, doc]) =>
    `| \`${member}\` | ${valueText(defaults[member as keyof typeof defaults])} | ${doc} |`),
].join('\n')

const valueText = (value: unknown): string =>
  Array.isArray(value) ? value.map(valueText).join(', ') : Number(value).toLocaleString('en')

it('docs/options.md says what src/options.ts says', async () => {
  await expect(`# Options

\`bitswap({ blockstore, client: { … }, server: { … } })\`, and the same as the second argument of
\`createBitswap\`. Each half takes \`false\`, to be without it; a negative option, or NaN, is a
\`RangeError\`. This page is made from
[\`src/options.ts\`](../src/options.ts) by \`npx vitest run test/docs -u\`.

## \`client\`

${tableOf('ClientOptions', CLIENT_DEFAULTS)}

## \`server\`

${tableOf('ServerOptions', SERVER_DEFAULTS)}
`).toMatchFileSnapshot(`${ROOT}docs/options.md`)
})
