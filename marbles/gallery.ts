/** Draws the specifications: a picture beside each, and README.md that shows them all. */
import { writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { renderSvg } from '../src/testing/marble/render/svg.ts'
import { marbleFiles, pathOf, readMarble } from './files.ts'

/** What each folder specifies. */
const FOLDERS: Readonly<Record<string, string>> = {
  client: 'The want manager: who is asked for what, and when a want moves on or gives up',
  server: 'The decision engine: what each peer is answered, in which order, within which bounds',
  'message-queue': 'The message queues: what waits for a stream, and what becomes of it',
  node: 'A whole node: both halves together, connections, start and stop',
}

/** Draws these files. The page is of all of them, whichever are drawn. */
export const renderGallery = (files: readonly string[]): void => {
  for (const file of files) writeFileSync(pathOf(picture(file)), renderSvg(readMarble(file)))
  writeFileSync(pathOf('README.md'), pageOf(marbleFiles()))
}

const pageOf = (files: readonly string[]): string => {
  const folders = [...new Set(files.map((file) => dirname(file)))]
  const chapters = folders.map((folder) => {
    const entries = files.filter((file) => dirname(file) === folder).map(entry)
    return [`## ${folder}`, `${FOLDERS[folder] ?? folder}.`, ...entries].join('\n\n')
  })
  return `${[head(files.length), ...chapters].join('\n\n')}\n`
}

const head = (count: number): string => `# Protocol marbles

${count} specifications of Bitswap, drawn. Each file is a test of the real core, and its picture
what the test says: a row for each party, time from left to right, a bracket for each message. How
to read and write them: [docs/marbles.md](../docs/marbles.md). The small line below a picture is its
source, in the words of [docs/conformance.md](../docs/conformance.md).

| | |
| --- | --- |
| \`npm run marbles\` | runs them all |
| \`npm run marbles -- --render\` | draws this page |
| \`npm run marbles -- --mutants\` | plants bugs in the core: each must be noticed |`

const picture = (file: string): string => file.replace(/\.marble$/, '.svg')

const entry = (file: string): string => {
  const { title, rule, source } = readMarble(file)
  const shown = `[![${title}](${picture(file)})](${file})`
  return [`### ${title}`, rule.join(' '), shown, `<sub>${source}</sub>`].join('\n\n')
}
