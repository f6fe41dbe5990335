import { readFileSync } from 'node:fs'
import { arch, cpus, platform, totalmem } from 'node:os'

const PACKAGES = [
  '@helia/bitswap',
  'libp2p',
  '@chainsafe/libp2p-noise',
  '@chainsafe/libp2p-yamux',
  'rxjs',
]

/** Where and with what it was measured. */
export const machine = (): string => {
  const [cpu] = cpus()
  const versions = PACKAGES.map((name) => `${name} ${versionOf(name)}`)
  return [
    `${cpus().length} x ${cpu?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB,`,
    `${platform()}/${arch()}; Node ${process.versions.node}; ${versions.join(', ')}.`,
  ].join(' ')
}

const versionOf = (name: string): string => {
  const path = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}
