/** Competitors are programs: found by their descriptions, each job in a process of its own. */
import { spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Job, Line, Metrics } from './job.ts'

/** A file `bench/competitors/<any name>.json`. */
export interface Competitor {
  readonly name: string
  readonly kind: 'contender' | 'reference'
  /** Program and arguments; the job is added as the last one. Runs in the repository's root. */
  readonly command: readonly [program: string, ...string[]]
}

/** What became of one job. */
export type Outcome =
  | { readonly type: 'measured', readonly metrics: Metrics }
  | {
    readonly type: 'stalled'
    readonly received: number
    readonly of: number
    readonly seconds: number
  }
  | { readonly type: 'not run', readonly reason: string }

const FOLDER = new URL('competitors/', import.meta.url)
const ROOT = new URL('../', import.meta.url)

export const findCompetitors = async (): Promise<Competitor[]> => {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.json')).sort()
  return Promise.all(files.map(async (name) =>
    JSON.parse(await readFile(new URL(name, FOLDER), 'utf8')) as Competitor))
}

export const runJob = (competitor: Competitor, job: Job, limitSeconds: number): Promise<Outcome> =>
  new Promise((resolve) => {
    const [program, ...args] = [...competitor.command, JSON.stringify(job)]
    const child = spawn(program === 'node' ? process.execPath : program, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let last: Line = { type: 'progress', received: 0, of: 0 }
    let complaint = ''
    createInterface(child.stdout).on('line', (line) => { last = lineOf(line) ?? last })
    child.stderr.on('data', (chunk: Buffer) => { complaint = lastLine(chunk) ?? complaint })

    let stalled = false
    const limit = setTimeout(() => {
      stalled = true
      child.kill('SIGKILL')
    }, limitSeconds * 1000)
    child.on('error', (error) => { complaint = error.message })
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      const ended = complaint === '' ? `ended with ${code ?? signal}` : complaint
      resolve(stalled ? stall(last, limitSeconds) : outcomeOf(last, ended))
    })
  })

const lineOf = (line: string): Line | undefined => {
  try {
    return JSON.parse(line) as Line
  } catch {
    // Not for us: a library that prints.
    return undefined
  }
}

const lastLine = (chunk: Buffer): string | undefined =>
  chunk.toString().split('\n').findLast((line) => /error/i.test(line))?.trim()

const stall = (last: Line, seconds: number): Outcome => {
  const { received, of } = last.type === 'progress' ? last : { received: 0, of: 0 }
  return { type: 'stalled', received, of, seconds }
}

const outcomeOf = (last: Line, ended: string): Outcome => {
  switch (last.type) {
    case 'result': return { type: 'measured', metrics: last.metrics }
    case 'cannot': return { type: 'not run', reason: last.reason }
    default: return { type: 'not run', reason: ended }
  }
}
