/** The cases, and what each contender and each reference is asked to do in it. */
import type { Job } from './job.ts'

export interface Case {
  readonly id: string
  readonly title: string
  /** A program that has not finished by then has stalled. */
  readonly limitSeconds: number
  /** For the medians that a ratio is made of; more where bad spells of the machine weigh more. */
  readonly runs: number
  /** For every contender, by a name that the report and the targets use; '' when there is one. */
  readonly jobs: Readonly<Record<string, Job>>
  /** For the reference, by the name of its row. */
  readonly references: Readonly<Record<string, Job>>
  /** For ours alone: what grows, and what should grow along a straight line. */
  readonly growth?: readonly Job[]
}

/** The peer dependencies that everybody needs. */
const PEERS = ['libp2p', 'multiformats', 'rxjs', 'uint8arraylist']

const MIB = 1024 * 1024
const KIB = 1024

const fetch = (
  blocks: number,
  blockBytes: number,
  inFlight: number,
  { warmUp = 0, times = 1, holders = 1, clients = 1 } = {},
): Job => ({ job: 'fetch', warmUp, times, blocks, blockBytes, inFlight, holders, clients })

/** By a node that has been running, `times` over, and by one that has just begun. */
const warmAndCold = (
  warmUp: number,
  blocks: number,
  blockBytes: number,
  inFlight: number,
  { times = 1, ...nodes }: { times?: number, holders?: number, clients?: number } = {},
): Readonly<Record<string, Job>> => ({
  '': fetch(blocks, blockBytes, inFlight, { ...nodes, warmUp, times }),
  [FRESH]: fetch(blocks, blockBytes, inFlight, nodes),
})

const FRESH = 'in a fresh process'

/** A loop of callbacks, warm: what an exchange that does nothing else would reach. */
const SKETCH = 'the sketch'

const rawStream = (
  warmUp: number,
  bytes: number,
  { processes = 1, keep = false }: { processes?: 1 | 2, keep?: boolean } = {},
): Job =>
  ({ job: 'raw-stream', warmUp, bytes, processes, keep })

const echo = (warmUp: number, rounds: number): Job => ({ job: 'echo', warmUp, rounds, bytes: KIB })

const decades = (last: number): number[] =>
  [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000]
    .filter((count) => count <= last)

const allAtOnce = (blocks: number, warmUp = 0): Job => fetch(blocks, KIB, blocks, { warmUp })

// Code is compiled by how often it ran, not by how many bytes it moved: 64 MiB are a thousand
// frames for the raw stream, and 256 blocks for an exchange. Then, as many bytes as there.
const large = warmAndCold(1_024, 256, 256 * KIB, 32, { times: 3 })
// Until nobody gets faster from one list to the next.
const small = warmAndCold(40_960, 4_096, KIB, 256, { times: 3 })
// As many rounds as the echo: 200 may fall into one bad moment of the machine.
const inTurn = warmAndCold(2_000, 200, KIB, 1, { times: 10 })

export const CASES: readonly Case[] = [
  {
    id: 'a',
    title: '256 x 256 KiB, 32 in flight',
    limitSeconds: 60,
    runs: 25,
    jobs: large,
    references: {
      [SKETCH]: large['']!,
      // Warm like the contenders, and what the targets are measured by.
      'raw stream': rawStream(256 * MIB, 192 * MIB),
      // What every exchange has to do besides: the bound of this case.
      'raw stream, hashed and kept': rawStream(256 * MIB, 192 * MIB, { keep: true }),
      'raw stream, fresh, 64 MiB': rawStream(0, 64 * MIB),
      'SHA-256, 256 KiB': { job: 'sha-256', blocks: 1_000, blockBytes: 256 * KIB },
    },
  },
  {
    id: 'b',
    title: '4,096 x 1 KiB, 256 in flight',
    limitSeconds: 60,
    runs: 15,
    jobs: small,
    references: {
      [SKETCH]: small['']!,
      'SHA-256, 1 KiB': { job: 'sha-256', blocks: 100_000, blockBytes: KIB },
    },
  },
  {
    id: 'c',
    title: '200 x 1 KiB, one after another',
    limitSeconds: 120,
    runs: 5,
    jobs: inTurn,
    references: {
      [SKETCH]: inTurn['']!,
      'echo on an open stream': echo(2_000, 2_000),
      'echo, fresh, 200 rounds': echo(0, 200),
    },
  },
  {
    id: 'd',
    title: '20,000 and 100,000 x 1 KiB, all wanted at once',
    limitSeconds: 30,
    runs: 21,
    jobs: {
      // Fewer: they are many themselves, and more would be a larger store to collect.
      '20,000': allAtOnce(20_000, 16_384),
      '100,000': allAtOnce(100_000, 16_384),
      'case b': small['']!,
      outstanding: { job: 'outstanding', wants: 100_000 },
    },
    references: {},
    growth: [
      ...decades(100_000).filter((wants) => wants >= 10).map((wants) => allAtOnce(wants)),
      ...decades(100_000).filter((wants) => wants >= 10)
        .map((wants): Job => ({ job: 'outstanding', wants })),
    ],
  },
  {
    id: 'e',
    title: '400 x 64 KiB from 4 holders, 32 in flight',
    limitSeconds: 60,
    runs: 3,
    jobs: warmAndCold(400, 400, 64 * KIB, 32, { holders: 4 }),
    references: {},
  },
  {
    id: 'f',
    title: '16 clients of 1 server, 16 MiB each',
    limitSeconds: 120,
    runs: 5,
    jobs: warmAndCold(16, 64, 256 * KIB, 32, { clients: 16 }),
    references: { 'raw stream': rawStream(64 * MIB, 256 * MIB) },
  },
  {
    id: 'g',
    title: 'UnixFS file of 256 MiB from another process to the disk',
    limitSeconds: 120,
    runs: 13,
    jobs: { '': { job: 'file', bytes: 256 * MIB } },
    references: {
      'raw stream, 2 processes': rawStream(0, 256 * MIB, { processes: 2 }),
    },
  },
  {
    id: 'h',
    title: 'one want beside 10 and 2,000 idle peers',
    limitSeconds: 60,
    runs: 9,
    jobs: {
      '10 peers': { job: 'idle-peers', peers: 10 },
      '2,000 peers': { job: 'idle-peers', peers: 2_000 },
    },
    references: {},
    growth: decades(2_000).map((peers) => ({ job: 'idle-peers', peers })),
  },
  {
    id: 'i',
    title: 'bundle for browsers, min + gzip',
    limitSeconds: 60,
    runs: 3,
    jobs: {
      '': { job: 'bundle', without: PEERS },
      'with multiformats and uint8arraylist': { job: 'bundle', without: ['rxjs', 'libp2p'] },
    },
    references: {},
  },
]
