/** Loaded before everything else: changes the source of one module as it is read. */
import { registerHooks } from 'node:module'
import { MUTANTS } from './mutants.ts'

const name = process.env['RX_BITSWAP_MUTANT']
const mutant = MUTANTS.find((candidate) => candidate.name === name)
if (mutant === undefined) throw new Error(`No mutant is called ${name}`)

const target = new URL(`../src/${mutant.file}`, import.meta.url).href

registerHooks({
  load (url, context, next) {
    const loaded = next(url, context)
    if (url !== target) return loaded
    const parts = Buffer.from(loaded.source as Uint8Array).toString().split(mutant.replace)
    if (parts.length !== 2) {
      const places = `${parts.length - 1} places`
      throw new Error(`${mutant.name}: ${mutant.file} has ${places} that read ${mutant.replace}`)
    }
    return { ...loaded, source: parts.join(mutant.by) }
  },
})
