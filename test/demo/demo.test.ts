import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'
import { someBytes, temporaryFolder, writeTree } from '../cli/folder.ts'

// Three processes, each of which takes a second to start, and ten on a loaded machine.
vi.setConfig({ testTimeout: 120_000 })

const DEMO = fileURLToPath(new URL('../../src/cli/demo/main.ts', import.meta.url))

/** The real demo, with a folder for temporary files of its own. */
const runDemo = async (...args: readonly string[]) => {
  const temporary = await temporaryFolder()
  const child = spawn(process.execPath, [DEMO, ...args], {
    env: { ...process.env, TMPDIR: temporary },
  })
  onTestFinished(() => { child.kill('SIGKILL') })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
  const [exitCode] = await once(child, 'close') as [number]
  const left = (await readdir(temporary)).filter((name) => name.startsWith('rx-bitswap'))
  return { exitCode, stdout, stderr, left }
}

test('a file that it makes crosses, and is drawn', async () => {
  const { exitCode, stdout, left } = await runDemo('--size', '3MiB')
  expect(stdout).toMatch(/app: +.*\^s1\.x1'.*\*s1\.x1\(A\)\|/)
  expect(stdout).toContain('[w.x2..x4\']')
  expect(stdout).toMatch(/SHA-256 sent {6}([0-9a-f]{64})\n {8}received {2}\1 {2}equal\n/)
  expect(stdout).toMatch(/3\.0 MiB in .* 4 blocks, 0 duplicates\nPeak memory: get .*\n.*serve/)
  expect({ exitCode, left }).toEqual({ exitCode: 0, left: [] })
})

test('a folder crosses', async () => {
  const folder = join(await temporaryFolder(), 'folder')
  await writeTree(folder, { empty: new Uint8Array(), 'one/two': someBytes(1) })
  const { exitCode, stdout } = await runDemo(folder)
  expect(stdout).toMatch(/equal\n/)
  expect(exitCode).toBe(0)
})

test('what is missing is one line, and no success', async () => {
  const { exitCode, stdout, stderr, left } = await runDemo('/no/such/thing')
  expect(stderr).toMatch(/^rx-bitswap: .*no such file or folder.*\/no\/such\/thing\)\n$/)
  expect({ exitCode, stdout, left }).toEqual({ exitCode: 1, stdout: '', left: [] })
})

test('what the disk has no room for is refused before it is written', async () => {
  const { exitCode, stderr, left } = await runDemo('--size', '99999999GiB')
  expect(stderr).toMatch(/^rx-bitswap: .* are needed and the disk of .* has .*: free some space/)
  expect({ exitCode, left }).toEqual({ exitCode: 1, left: [] })
})
