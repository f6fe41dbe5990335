/** How time and memory grow: a plot for wants, a plot for peers. */
import { writeFile } from 'node:fs/promises'
import { CASES } from './cases.ts'
import type { Job, Metrics } from './job.ts'
import { plot } from './plot.ts'
import type { Point } from './plot.ts'
import { findCompetitors, runJob } from './program.ts'
import { median } from './statistics.ts'
import { usedMemory } from './used-memory.ts'

const RUNS = 3
const LIMIT_SECONDS = 120

export const measureGrowth = async (): Promise<void> => {
  const wants = await measureAll('d', 'fetch')
  const outstanding = await measureAll('d', 'outstanding')
  const peers = await measureAll('h', 'idle-peers')
  await save('growth-wants', plot({
    title: 'Wants of 1 KiB blocks, all at once',
    x: 'wants',
    lines: [
      { label: 'seconds to fetch', points: pointsOf(wants, (m) => m.seconds) },
      { label: 'MB of heap while outstanding', points: pointsOf(outstanding, (m, wanted) =>
        m.heapBytesPerWant === undefined ? undefined : m.heapBytesPerWant * wanted / 1e6) },
    ],
  }))
  await save('growth-peers', plot({
    title: 'Idle connected peers',
    x: 'peers',
    lines: [
      { label: 'µs per want', points: pointsOf(peers, (m) => m.microsecondsPerWant) },
      { label: 'MB of heap', points: pointsOf(peers, (m, connected) =>
        m.heapBytesPerPeer === undefined ? undefined : m.heapBytesPerPeer * connected / 1e6) },
    ],
  }))
}

interface Measured {
  readonly size: number
  readonly runs: readonly Metrics[]
}

const measureAll = async (id: string, name: Job['job']): Promise<Measured[]> => {
  const ours = (await findCompetitors()).find((competitor) => competitor.name === 'rx-bitswap')!
  const jobs = CASES.find((one) => one.id === id)?.growth?.filter(({ job }) => job === name) ?? []
  const measured: Measured[] = []
  for (const job of jobs) {
    const runs: Metrics[] = []
    for (let run = 0; run < RUNS; run += 1) {
      await usedMemory()
      const outcome = await runJob(ours, job, LIMIT_SECONDS)
      if (outcome.type !== 'measured') throw new Error(`${JSON.stringify(job)}: ${outcome.type}`)
      runs.push(outcome.metrics)
    }
    process.stderr.write(`${JSON.stringify(job)}\n`)
    measured.push({ size: sizeOf(job), runs })
  }
  return measured
}

const sizeOf = (job: Job): number => {
  switch (job.job) {
    case 'fetch': return job.blocks
    case 'outstanding': return job.wants
    case 'idle-peers': return job.peers
    default: throw new Error(`'${job.job}' is not measured for growth`)
  }
}

const pointsOf = (
  measured: readonly Measured[],
  value: (metrics: Metrics, size: number) => number | undefined,
): Point[] => measured.map(({ size, runs }) => ({
  x: size,
  y: median(runs.map((metrics) => value(metrics, size) ?? NaN)),
}))

const save = async (name: string, svg: string): Promise<void> => {
  await writeFile(new URL(`../docs/${name}.svg`, import.meta.url), svg)
}
