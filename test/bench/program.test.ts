import { describe, expect, it } from 'vitest'
import type { Job } from '../../bench/job.ts'
import { findCompetitors, runJob } from '../../bench/program.ts'
import type { Competitor, Outcome } from '../../bench/program.ts'

const ANY_JOB: Job = { job: 'bundle', without: [] }

/** A competitor that runs a shell script. The job is its `$0`. */
const runScript = (script: string, limitSeconds = 30): Promise<Outcome> => {
  const command: Competitor['command'] = ['sh', '-c', script]
  return runJob({ name: 'script', kind: 'contender', command }, ANY_JOB, limitSeconds)
}

describe('a competitor', () => {
  it('is given the job as its last argument, and its last line is the result', async () => {
    const outcome = await runScript(`
      echo 'a library that prints'
      echo '{"type":"progress","received":1,"of":2}'
      test "$0" = '{"job":"bundle","without":[]}' &&
        echo '{"type":"result","metrics":{"seconds":2}}'`)
    expect(outcome).toEqual({ type: 'measured', metrics: { seconds: 2 } })
  })

  it('that stalls is stopped, and reported with what had arrived', async () => {
    const script = 'echo \'{"type":"progress","received":1024,"of":20000}\'; exec sleep 60'
    expect(await runScript(script, 2))
      .toEqual({ type: 'stalled', received: 1024, of: 20_000, seconds: 2 })
  })

  it('that has no such job is named with its reason', async () => {
    expect(await runScript('echo \'{"type":"cannot","reason":"has no job\'"\'bundle\'"\'"}\''))
      .toEqual({ type: 'not run', reason: 'has no job\'bundle\'' })
  })

  it('that fails is named with its complaint', async () => {
    expect(await runScript('echo "Error: no port" >&2; exit 3'))
      .toEqual({ type: 'not run', reason: 'Error: no port' })
    expect(await runScript('exit 3')).toEqual({ type: 'not run', reason: 'ended with 3' })
  })

  it('that is not installed is named', async () => {
    const missing: Competitor = { name: 'x', kind: 'contender', command: ['no-such-program'] }
    expect(await runJob(missing, ANY_JOB, 30))
      .toEqual({ type: 'not run', reason: 'spawn no-such-program ENOENT' })
  })

  it('is found by its description', async () => {
    const names = (await findCompetitors()).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['rx-bitswap', '@helia/bitswap', 'reference']))
  })
})
