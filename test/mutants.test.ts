import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { MUTANTS } from '../marbles/mutants.ts'

// Whether they are noticed takes minutes: `npm run marbles -- --mutants`.
it.each(MUTANTS)('the bug $name can be planted', ({ file, replace, by }) => {
  const source = readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8')
  expect(source.split(replace).length - 1).toBe(1)
  expect(by).not.toBe(replace)
})

it('every bug has a name of its own', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length)
})
