import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMarble } from '../../../src/testing/marble/parse.ts'
import { layPicture } from '../../../src/testing/marble/render/layout.ts'
import type { Chip, Column, Metrics } from '../../../src/testing/marble/render/columns.ts'
import { renderSvg } from '../../../src/testing/marble/render/svg.ts'
import { renderUnicode } from '../../../src/testing/marble/render/unicode.ts'
import { arbitraryDocument } from './arbitrary-documents.ts'

const example = (name: string) =>
  parseMarble(readFileSync(new URL(`examples/${name}.marble`, import.meta.url), 'utf8'), {
    file: name,
  })

const METRICS: Metrics = {
  group: ({ tokens }) => tokens.reduce((width, { label }) => width + 20 + label.length * 7, 10),
  text: (text) => text.length * 7, space: 6, run: 24, step: 12, gap: 44, labelWidth: 90, width: 960,
}

const endOf = ({ x, width }: Chip): number => x + width

describe('layPicture', () => {
  it('lets nothing overlap, and no message run through a chip', () => {
    fc.assert(fc.property(arbitraryDocument, (document) => {
      for (const { columns } of layPicture(document, METRICS).systems) {
        columns.forEach((column, i) => {
          expect(column.x).toBeGreaterThanOrEqual(
            (columns[i - 1]?.endX ?? METRICS.labelWidth) + METRICS.step,
          )
          for (const chip of column.chips) {
            expect(chip.x).toBeGreaterThanOrEqual(column.x)
            expect(endOf(chip)).toBeLessThanOrEqual(column.endX)
            expect(crosses(chip, column)).toBe(false)
          }
          expect(new Set(column.chips.map(({ row }) => row)).size).toBe(column.chips.length)
        })
      }
    }), { numRuns: 100 })
  })

  it('keeps to the width', () => {
    fc.assert(fc.property(arbitraryDocument, (document) => {
      for (const { endX } of layPicture(document, METRICS).systems) expect(
        endX,
      ).toBeLessThanOrEqual(
        METRICS.width,
      )
    }), { numRuns: 100 })
  })

  it('draws every cell, in the order of time', () => {
    fc.assert(fc.property(arbitraryDocument, (document) => {
      const { systems } = layPicture(document, METRICS)
      const drawn = systems.flatMap(({ columns }) => columns.map(({ tick }) => tick))
      const ticks = new Set(document.lanes.flatMap(({ cells }) => cells.map(({ tick }) => tick)))
      expect(drawn).toEqual([...ticks].toSorted((a, b) => a - b))
    }), { numRuns: 50 })
  })
})

const crosses = (chip: Chip, { inX, outX }: Column): boolean =>
  [inX, outX].some((x) => x !== undefined && chip.x < x + METRICS.run && endOf(chip) > x)

describe('renderUnicode', () => {
  it('draws a score', () => {
    expect(`\n${renderUnicode(example('presence-race'))}\n`).toBe(`
      0ms                5ms               14ms
app  ─▷s ▷s.x────────╌╌╌╌──────────────╌╌╌╌────────■s.x┃─
me   ━━━━━━━━┯━━━━━━━╍╍╍╍━━━━▲━┯━━━━━━━╍╍╍╍━━━━▲━┯━━━━━━━
me>A ────────├▶[□x']─╌╌╌╌────│─│───────╌╌╌╌────│─├▶[✕x]──
me>B ────────╰▶[○x']─╌╌╌╌────│─╰▶[□x']─╌╌╌╌────│─╰▶[✕x]──
A>me ────────────────╌╌╌╌[⊘x]┤─────────╌╌╌╌────│─────────
B>me ────────────────╌╌╌╌[●x]╯─────────╌╌╌╌[■x]╯─────────
`)
  })

  it('shades a write in flight', () => {
    expect(renderUnicode(example('coalescing'))).toContain(
      'me>A   ───╰▶[□x\']▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒╰▶[□q\' □z\']─',
    )
  })

  it('leaves the line out while a peer is not connected', () => {
    const document = parseMarble('peer A down\ncid x\nlink A: 3ms up 3ms down\nA>me: 3ms - w.x', {
      header: 'optional',
    })
    expect(renderUnicode(document).split('\n').at(-1)).toBe('A>me          ──[□x]╯──────')
  })

  it('keeps every line within the width', () => {
    fc.assert(fc.property(arbitraryDocument, (document) => {
      const lengths = renderUnicode(document, { width: 130 }).split('\n').map((line) => line.length)
      expect(Math.max(...lengths)).toBeLessThanOrEqual(130)
    }), { numRuns: 100 })
  })

  it('says how much it left out of a message that is wider than the page', () => {
    const cids = 'abcdefghijkl'.split('')
    const message = cids.map((cid) => `w.${cid}`).join(' ')
    const document = parseMarble(`peer A\ncid ${cids.join(' ')}\nA>me: [${message}]`, {
      header: 'optional',
    })
    expect(renderUnicode(document, { width: 40 })).toContain('[□a □b □c □d □e □f □g] …+5╯')
  })
})

describe('renderSvg', () => {
  it('has a title, a description in words, and its text as text', () => {
    const svg = renderSvg(example('presence-race'))
    expect(svg).toContain('<title>HAVE and DONT_HAVE race in a session of two peers</title>')
    expect(svg).toContain(
      'At 5ms, B is sent: a message with want-block x or DONT_HAVE; '
      + 'A sends: a message with DONT_HAVE x; B sends: a message with HAVE x.',
    )
    const labels = ['app', 'me', 'me&gt;A', 'B&gt;me']
    for (const label of labels) expect(svg).toContain(`>${label}</text>`)
  })

  it('leaves nothing of a row out of its words, but tags', () => {
    const words = (row: string): string => {
      const declared = 'peer A\ncid x y n1..n3\nsession s\nretrieve r x\n'
      const svg = renderSvg(parseMarble(`${declared}${row}`, { header: 'optional' }))
      return /<desc>At 0ms, [^:]*: (.*)\.<\/desc>/.exec(svg)?.[1] ?? ''
    }
    expect(words('A>me: [full w.n1..n3^5\' c.x B.y! +64KiB]@t')).toBe(
      'a full message with want-block n1..n3 at priority 5 or DONT_HAVE, cancel x, '
      + 'block y with other bytes and 64KiB pending',
    )
    expect(words('app: ^?s.x\'^y^-1')).toBe(
      'wants the availability of s.x without discovery, wants y at priority -1',
    )
    expect(words('app: *s.x(A)~2*r.x')).toBe(
      'gets block x in s from A within 2 ticks, gets block x of r',
    )
    expect(words('app: D.s.x(A)|?s.x')).toBe(
      'learns that A lacks x in s, completes the availability of s.x',
    )
    expect(words('link A: up(1.1)#')).toBe('up with version 1.1, a write fails')
    expect(words('store: slow(5ms get)fail(get x)fail')).toBe(
      'slow by 5ms to get, fails to get x, fails',
    )
    expect(words('ledger A: [>5B <6B]')).toBe('5B sent, 6B received')
  })

  it('is readable in either theme', () => {
    expect(renderSvg(example('coalescing'))).toContain('@media (prefers-color-scheme:dark)')
  })

  it('closes every element, whatever is in the document', () => {
    fc.assert(fc.property(arbitraryDocument, (document) => {
      const open: string[] = []
      for (const [, end, name, self] of renderSvg(document)
        .replace(/<style>[^]*<\/style>/, '')
        .matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
        if (end === '/') expect(open.pop()).toBe(name)
        else if (self !== '/') open.push(name ?? '')
      }
      expect(open).toEqual([])
    }), { numRuns: 50 })
  })
})
