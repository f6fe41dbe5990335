import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { MarbleDocument } from '../src/testing/marble/document.ts'
import { parseMarble } from '../src/testing/marble/parse.ts'

/** The folder of the specifications. */
export const FOLDER = fileURLToPath(new URL('.', import.meta.url))

/** All `.marble` files below the folder, sorted; with `words`, those whose path contains one. */
export const marbleFiles = (words: readonly string[] = []): readonly string[] =>
  globSync('**/*.marble', { cwd: FOLDER })
    .filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
    .sort()

export const pathOf = (file: string): string => `${FOLDER}${file}`

/** Throws a `MarbleSyntaxError` that names the file as people see it. */
export const readMarble = (file: string): MarbleDocument =>
  parseMarble(readFileSync(pathOf(file), 'utf8'), { file: `marbles/${file}` })
