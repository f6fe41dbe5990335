import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

it.each([
  ['bench/run.ts', ['--runs', 'x'], /^--runs must be a whole number of at least 1, not 'x'\n/],
  ['bench/run.ts', ['--runs', '0'], /not '0'\n/],
  ['bench/run.ts', ['--runs', '1.5'], /not '1.5'\n/],
  ['bench/run.ts', ['--runs=-1'], /not '-1'\n/],
  ['bench/run.ts', ['--case', 'a,zzz'], /^There is no case 'zzz'\n/],
  ['bench/run.ts', ['--nonsense'], /^Unknown option '--nonsense'/],
  ['bench/run.ts', ['--growth', '--case', 'a'], /^--growth /],
  ['bench/run.ts', ['--growth', '--json'], /^--growth /],
  ['bench/profile.ts', ['a', 'zzz'], /^There is no case 'zzz'\n/],
])('%s %j is one line and the usage, before anything is measured', (file, args, line) => {
  const document = readFileSync(`${ROOT}docs/benchmarks.md`)
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    cwd: ROOT, encoding: 'utf8', timeout: 20_000,
  })
  expect(stderr).toMatch(line)
  expect(stderr).toMatch(/^.*\n\n(npm run bench|node bench)/)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(readFileSync(`${ROOT}docs/benchmarks.md`)).toEqual(document)
})
