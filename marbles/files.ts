import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { MarbleDocument } from '../src/testing/marble/document.ts'
import { parseMarble } from '../src/testing/marble/parse.ts'

/** The folder of the specifications. */
export const FOLDER = fileURLToPath(new URL('.', import.meta.url))

/**
 * All `.marble` files below the folder, sorted; with `words`, those whose path contains one. Throws
 * when a word is in none.
 */
export const marbleFiles = (words: readonly string[] = []): readonly string[] => {
  const all = globSync('**/*.marble', { cwd: FOLDER }).sort()
  if (words.length === 0) return all
  const parts = words.map((word) => word.replace(/^(\.\/)?marbles\//, ''))
  const idle = parts.find((part) => !all.some((path) => path.includes(part)))
  if (idle !== undefined) throw new Error(`No specification has '${idle}' in its path`)
  return all.filter((path) => parts.some((part) => path.includes(part)))
}

export const pathOf = (file: string): string => `${FOLDER}${file}`

/** Throws a `MarbleSyntaxError` that names the file as people see it. */
export const readMarble = (file: string): MarbleDocument =>
  parseMarble(readFileSync(pathOf(file), 'utf8'), { file: `marbles/${file}` })
