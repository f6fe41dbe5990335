import { readFile, writeFile } from 'node:fs/promises'

const BEGIN = '<!-- measured: written by `npm run bench` -->'
const END = '<!-- end of measured -->'

/** Replaces what was measured in `docs/benchmarks.md`; what people wrote around it stays. */
export const writeMeasured = async (measured: string): Promise<void> => {
  const path = new URL('../docs/benchmarks.md', import.meta.url)
  const text = await readFile(path, 'utf8')
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin < 0 || end < begin) {
    throw new Error(`${path.pathname} lacks the lines ${BEGIN} and ${END}`)
  }
  const before = text.slice(0, begin + BEGIN.length)
  await writeFile(path, `${before}\n\n${measured}\n\n${text.slice(end)}`)
}
