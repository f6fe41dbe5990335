import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatMarble } from '../../../src/testing/marble/format.ts'
import { parseMarble } from '../../../src/testing/marble/parse.ts'
import { renderUnicode } from '../../../src/testing/marble/render/unicode.ts'
import { reportOf } from '../../../src/testing/runner/report.ts'
import { runMarble } from '../../../src/testing/runner/run-marble.ts'

const page = readFileSync(new URL('../../../docs/marbles.md', import.meta.url), 'utf8')

const blocks = [...page.matchAll(/^```marble\n([^]*?)^```$/gm)].map(({ 1: text = '', index }) => ({
  text,
  name: `docs/marbles.md:${page.slice(0, index).split('\n').length + 1}`,
}))

const runs = (text: string, file: string): string => {
  const run = runMarble(parseMarble(text, { file, header: 'optional' }))
  return run.failures.length === 0 ? 'as written' : reportOf(run, file)
}

describe('the reference page', () => {
  it('has an example for each construct', () => {
    expect(blocks.length).toBeGreaterThan(12)
  })

  it.each(blocks)('$name runs as written', ({ text, name }) => {
    expect(runs(text, name)).toBe('as written')
  })

  // The page breaks a score into systems sooner than the formatter does.
  it.each(blocks.filter(({ text }) => !/^at /m.test(text)))(
    '$name is formatted',
    ({ text, name }) => {
      const document = parseMarble(text, { file: name, header: 'optional' })
      expect(`marble 1\n\n${text}`).toContain(formatMarble(document).replace(/^marble 1\n\n/, ''))
    },
  )

  it('shows the first of them as it is drawn', () => {
    expect(page).toContain(`\n${renderUnicode(parseMarble(blocks[0]?.text ?? ''))}\n`)
  })
})

describe('the examples', () => {
  const folder = new URL('examples/', import.meta.url)
  it.each(readdirSync(folder))('%s runs as written', (file) => {
    expect(runs(readFileSync(new URL(file, folder), 'utf8'), file)).toBe('as written')
  })
})
