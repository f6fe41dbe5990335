import { parseMarble } from './marble/parse.ts'
import { reportOf } from './runner/report.ts'
import { runMarble } from './runner/run-marble.ts'
import type { MarbleRun, PlayOptions } from './runner/run-marble.ts'

export interface TestMarbleOptions extends PlayOptions {
  /** What the report calls the document. Default `marble`. */
  readonly file?: string
}

/** A run that did not go as written. The message is the report: see `MarbleRun`. */
export class MarbleError extends Error {
  static override readonly name = 'MarbleError'
  override readonly name = 'MarbleError'
  // Private, so that no test framework prints it below the report.
  readonly #run: MarbleRun

  constructor (run: MarbleRun, file: string) {
    super(reportOf(run, file))
    this.#run = run
  }

  get run (): MarbleRun {
    return this.#run
  }
}

/**
 * Runs a `.marble` text and throws a `MarbleError` if anything is not as written, in whatever test
 * framework. Title, rule and source may be left out. Returns the run.
 *
 * ```ts
 * testMarble(`
 *   peer A
 *   cid  x
 *   app:   ^x             *x|
 *   me>A:  w.x'    10ms   c.x
 *   A>me:          10ms   B.x
 * `)
 * ```
 */
export const testMarble = (text: string, options: TestMarbleOptions = {}): MarbleRun => {
  const { file = 'marble' } = options
  const run = runMarble(parseMarble(text, { file, header: 'optional' }), options)
  if (run.failures.length > 0) throw new MarbleError(run, file)
  return run
}

/**
 * For `expect.extend` of vitest or jest: `expect(pipeline).toPlay(text)`, where the pipeline is a
 * `PlayOptions['want']`.
 */
export const marbleMatchers = {
  toPlay (want: NonNullable<PlayOptions['want']>, text: string): MatcherResult {
    const run = runMarble(parseMarble(text, { header: 'optional' }), { want })
    return {
      pass: run.failures.length === 0,
      message: () => run.failures.length === 0 ? 'It plays what is written' : reportOf(run),
    }
  },
}

/** What matchers of vitest and jest return. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}
