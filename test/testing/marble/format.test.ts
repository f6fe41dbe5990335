import { readFileSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatMarble } from '../../../src/testing/marble/format.ts'
import { parseMarble } from '../../../src/testing/marble/parse.ts'
import { arbitraryDocument } from './arbitrary-documents.ts'
import { withoutPositions } from './without-positions.ts'

const widths = fc.constantFrom(40, 100, 1_000)

describe('formatMarble', () => {
  it('loses nothing: parse . format is the identity', () => {
    fc.assert(fc.property(arbitraryDocument, widths, (document, width) => {
      expect(withoutPositions(parseMarble(formatMarble(document, { width })))).toEqual(
        withoutPositions(document),
      )
    }), { numRuns: 300 })
  })

  it('is settled after once', () => {
    fc.assert(fc.property(arbitraryDocument, widths, (document, width) => {
      const text = formatMarble(document, { width })
      expect(formatMarble(parseMarble(text), { width })).toBe(text)
    }), { numRuns: 100 })
  })

  it('keeps every comment, as near as systems that break elsewhere allow', () => {
    const text = `; 1
marble 1 ; 2
; 3
title A
; 4
tick 10ms
; 5
peer A ; 6
cid x
; 7
app: ^x ; 8
; 9
at 30s ; 10
; 11
app: !x
; 12
at 40s
; 13`
    const formatted = formatMarble(parseMarble(text, { header: 'optional' }))
    const notes = [...formatted.matchAll(/^; (\d+)$/gm)].map(([, note]) => Number(note))
    expect(notes).toEqual(Array.from({ length: 13 }, (_, i) => i + 1))
    expect(formatMarble(parseMarble(formatted, { header: 'optional' }))).toBe(formatted)
  })

  it('keeps to the width where cells allow it', () => {
    fc.assert(fc.property(arbitraryDocument, (document) => {
      const lanes = formatMarble(document, { width: 100 })
        .split('\n')
        .filter((line) => /^\S+( \S+)?:/.test(line))
      for (const line of lanes.filter((line) => line.length > 112)) expect(line).toMatch(
        /^\S+( \S+)?: +\S+.{60,}/,
      )
    }), { numRuns: 50 })
  })

  const folder = new URL('examples/', import.meta.url)
  it.each(readdirSync(folder))('leaves %s as it is', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8')
    expect(formatMarble(parseMarble(text, { file }))).toBe(text)
  })
})
