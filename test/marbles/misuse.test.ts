import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { marbleFiles } from '../../marbles/files.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

test.each([
  [['zzz'], /^No specification has 'zzz' in its path\n/],
  [['client', 'zzz'], /^No specification has 'zzz' in its path\n/],
  [['zzz', '--json'], /^No specification has 'zzz' in its path\n/],
  [['--nonsense'], /^Unknown option '--nonsense'/],
  [['--render', '--json'], /^Either --render or --json, not both\n/],
  [['--mutants', 'client'], /^--mutants takes no words/],
])('%j is one line and the usage', (args, line) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['marbles/run.ts', ...args], {
    cwd: ROOT, encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL',
  })
  expect(stderr).toMatch(line)
  expect(stderr).toMatch(/^.*\n\nnpm run marbles/)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
})

test('paths may be typed from the root', () => {
  const [file = ''] = marbleFiles()
  expect(marbleFiles([`marbles/${file}`])).toEqual([file])
  expect(marbleFiles([`./marbles/${file}`])).toEqual([file])
  expect(marbleFiles(['marbles/'])).toEqual(marbleFiles())
})
