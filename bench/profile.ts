/**
 * Where the time of one block goes: `node bench/profile.ts a b` profiles long runs of those cases,
 * and prints, for each, microseconds a block by part. Both ends are in the process.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Job } from './job.ts'
import { readArguments } from './misuse.ts'

const KIB = 1024

const fetch = (blocks: number, blockBytes: number, inFlight: number): Job & { blocks: number } =>
  ({ job: 'fetch', warmUp: 0, times: 1, blocks, blockBytes, inFlight, holders: 1, clients: 1 })

/** Long enough for most of it to run compiled. */
const JOBS = {
  a: fetch(800, 256 * KIB, 32),
  b: fetch(40_000, KIB, 256),
  c: fetch(4_000, KIB, 1),
  d: fetch(40_000, KIB, 40_000),
}

/** A function belongs to the first part whose pattern its file and name match. */
const PARTS: readonly (readonly [part: string, pattern: RegExp])[] = [
  ['idle', /^#\(idle\)/],
  ['garbage collection', /^#\(garbage collector\)/],
  ['hash', /crypto\/hash#|#hash$/],
  ['ciphers', /internal\/crypto\/|chacha20poly1305|wasm:|libp2p-noise/],
  ['sockets', /^#(writeBuffer|read|writev)|node:net#|stream_base_commons|internal\/streams\//],
  ['store', /blockstore-core|multiformats\/dist\/src\/bases|src\/adapters\/(blockstore|bounded)/],
  ['frames and copies', /src\/message\/frame|own-bytes|src\/client\/arrivals\.ts#own/],
  ['codec', /src\/message\/|uint8-varint|protons|multiformats/],
  ['want manager', /src\/client\//],
  ['decision engine', /src\/server\//],
  ['message queues', /src\/message-queue\//],
  ['pipelines: RxJS, operators', /\/rxjs\/|src\/operators\//],
  ['streams, yamux, libp2p', /libp2p|uint8arraylist|uint8arrays|event_target|src\/network\//],
  ['Node: buffers, ticks, timers', /^node:|^#\(program\)/],
  ['the rest', /./],
]

interface Profile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string, readonly url: string }
    readonly children?: readonly number[]
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const profileOf = (job: Job): Profile => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-profile-'))
  try {
    const flags = ['--expose-gc', '--cpu-prof', '--cpu-prof-interval=200', '--cpu-prof-dir', folder]
    const args = [...flags, 'bench/competitors/ours.ts', JSON.stringify(job)]
    spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
    return JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8')) as Profile
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Microseconds by part, from the first want to the last block. */
const timeByPart = ({ nodes, samples, timeDeltas }: Profile): Map<string, number> => {
  const partOf = new Map(nodes.map(({ id, callFrame: { url, functionName } }) => {
    const name = `${url}#${functionName}`
    return [id, PARTS.find(([, pattern]) => pattern.test(name))![0]]
  }))
  const fetching = new Set(nodes.flatMap(({ id, callFrame: { functionName } }) =>
    functionName === 'fetchAll' ? [id] : []))
  for (const { id, children = [] } of nodes) {
    if (fetching.has(id)) for (const child of children) fetching.add(child)
  }
  const begin = samples.findIndex((id) => fetching.has(id))
  const times = new Map(PARTS.map(([part]) => [part, 0]))
  for (let index = begin; index < samples.length; index += 1) {
    const part = partOf.get(samples[index]!)!
    times.set(part, times.get(part)! + (timeDeltas[index] ?? 0))
  }
  return times
}

const USAGE = `node bench/profile.ts [case...]
  cases: ${Object.keys(JOBS).join(', ')} (default: all)`

const isCase = (name: string): name is keyof typeof JOBS => Object.hasOwn(JOBS, name)

/** Throws on what is not the name of a case. */
const casesOf = (args: string[]): readonly (keyof typeof JOBS)[] => {
  const { positionals } = parseArgs({ args, allowPositionals: true })
  const names = positionals.length > 0 ? positionals : Object.keys(JOBS)
  return names.map((name) => {
    if (isCase(name)) return name
    throw new Error(`There is no case '${name}'`)
  })
}

for (const name of readArguments(USAGE, casesOf)) {
  const job = JOBS[name]
  const times = timeByPart(profileOf(job))
  console.log(`\n${name}: microseconds a block, both ends, under the profiler`)
  for (const [part, time] of times) {
    console.log(`${(time / job.blocks).toFixed(1).padStart(9)}  ${part}`)
  }
}
