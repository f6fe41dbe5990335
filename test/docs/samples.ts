import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A fenced block of a document. */
export interface Sample {
  /** File and line, for test names and errors. */
  readonly name: string
  readonly code: string
}

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** All blocks of a language, in order. */
export const samplesIn = (file: string, language: string): Sample[] => {
  const text = readFileSync(`${ROOT}${file}`, 'utf8')
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))]
    .map((match) => ({
      name: `${file}:${text.slice(0, match.index).split('\n').length}`,
      code: match[1]!,
    }))
}
