/** Resolves the package's own name to its sources, so that samples run before anything is built. */
import { registerHooks } from 'node:module'

const SOURCES = new URL('../../src/', import.meta.url)

registerHooks({
  resolve (specifier, context, next) {
    const [name, entry] = specifier.split('/')
    if (name !== 'rx-bitswap') return next(specifier, context)
    const path = entry === undefined ? 'index.ts' : `${entry}/index.ts`
    return next(new URL(path, SOURCES).href, context)
  },
})
