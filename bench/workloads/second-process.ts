import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Job, Line, Serving } from '../job.ts'

/** Runs this same program a second time, with another job, until this process ends. */
export const secondProcess = async (job: Job): Promise<Serving> => {
  const program = [...process.execArgv, process.argv[1]!]
  const child = spawn(process.execPath, [...program, JSON.stringify(job)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  for await (const line of createInterface(child.stdout)) {
    const said = JSON.parse(line) as Line
    if (said.type === 'serving') return said
  }
  throw new Error(`the second process ended before it served: ${JSON.stringify(job)}`)
}

/** Serves until the process that started this one has gone, however it went. */
export const untilParentEnds = async (): Promise<void> => {
  process.stdin.resume()
  await once(process.stdin, 'end')
}
