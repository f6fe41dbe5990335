import { readFileSync } from 'node:fs'

/** The version of this package: its package.json is as far from here as from dist/cli. */
export const version = (): string => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
