import { parseArgs } from 'node:util'
import { marbleFiles } from './files.ts'

export const USAGE = `npm run marbles -- [words] [option]
  words        only files whose path contains one of them
  --update     show the differences, and write what happened to the files
  --render     draw each specification and the gallery
  --mutants    plant bugs in the core; each must fail a specification
  --json       the results as JSON`

export interface Options {
  readonly files: readonly string[]
  /** What is done with them. */
  readonly action: 'run' | Flag
}

const FLAGS = ['update', 'render', 'mutants', 'json'] as const
type Flag = (typeof FLAGS)[number]

/** Throws on what cannot be meant. */
export const optionsOf = (args: string[]): Options => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      update: { type: 'boolean' },
      render: { type: 'boolean' },
      mutants: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  })
  const [action = 'run', second] = FLAGS.filter((flag) => values[flag])
  if (second !== undefined) throw new Error(`Either --${action} or --${second}, not both`)
  if (action === 'mutants' && positionals.length > 0) {
    throw new Error('--mutants takes no words: each specification may notice')
  }
  return { action, files: marbleFiles(positionals) }
}
