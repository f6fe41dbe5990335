import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished, vi } from 'vitest'
import type { Report } from '../../src/cli/report.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

// Each process takes a second to start, and ten on a loaded machine.
vi.setConfig({ testTimeout: 120_000 })

export interface RunOptions {
  readonly cwd?: string
  /** The shell's words before `exec node ...`. */
  readonly shell?: string
}

/** The real command, from its sources, in a process of its own. */
export const start = (args: readonly string[], { cwd, shell }: RunOptions = {}) => {
  const command = [process.execPath, MAIN, ...args]
  const [file = '', ...rest] = shell === undefined
    ? command
    : ['/bin/sh', '-c', `${shell}; exec "$@"`, 'sh', ...command]
  const child = spawn(file, rest, { cwd })
  onTestFinished(() => { child.kill('SIGKILL') })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => { output.stdout += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { output.stderr += text })
  const ended = once(child, 'close').then(([exitCode, signal]) => ({
    ...output, exitCode: exitCode as number | null, signal: signal as string | null,
  }))
  return { child, output, ended, lines: createInterface({ input: child.stdout }) }
}

export type Started = ReturnType<typeof start>

/** Runs a command to its end. */
export const run = (args: readonly string[], options?: RunOptions) => start(args, options).ended

/** What is waited for, unless the command ends without it. */
export const beforeItEnds = async <T>({ ended }: Started, awaited: Promise<T>): Promise<T> => {
  const never = ended.then(({ stdout, stderr, exitCode }) => {
    throw new Error(`Ended with ${String(exitCode)}:\n${stdout}${stderr}`)
  })
  return Promise.race([awaited, never])
}

type ReportOf<T extends Report['type']> = Extract<Report, { readonly type: T }>

/** The first report of a type. */
export const report = <T extends Report['type']>(started: Started, type: T): Promise<ReportOf<T>> =>
  beforeItEnds(started, new Promise((resolve) => {
    started.lines.on('line', (line) => {
      const parsed = JSON.parse(line) as Report
      if (parsed.type === type) resolve(parsed as ReportOf<T>)
    })
  }))

/** Serves a path until the test is over. */
export const served = async (path: string, ...args: readonly string[]) => {
  const listen = ['--listen', '/ip4/127.0.0.1/tcp/0']
  const server = start(['serve', path, '--json', '--memory', ...listen, ...args])
  const { cid, addresses: [address = ''] } = await report(server, 'serving')
  return { server, cid, address }
}
