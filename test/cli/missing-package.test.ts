import { spawnSync } from 'node:child_process'
import { cp, mkdir, readFile, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { temporaryFolder } from './folder.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

// Each process takes a second to start, and ten on a loaded machine.
vi.setConfig({ testTimeout: 120_000 })

/** The sources in a folder where all packages are installed but one. */
const installedWithout = async (name: string): Promise<string> => {
  const folder = await temporaryFolder()
  await cp(join(ROOT, 'src'), join(folder, 'src'), { recursive: true })
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'))
  await mkdir(join(folder, 'node_modules'))
  for (const installed of await readdir(join(ROOT, 'node_modules'))) {
    const path = join('node_modules', installed)
    if (installed !== name) await symlink(join(ROOT, path), join(folder, path))
  }
  return folder
}

test.each(['commander', 'blockstore-fs'])('without %s is one line', async (name) => {
  const cwd = await installedWithout(name)
  const { status, stdout, stderr } = spawnSync(
    process.execPath, ['src/cli/main.ts', 'serve', 'package.json'], { cwd, encoding: 'utf8' },
  )
  expect(stderr).toBe(
    `rx-bitswap: ${name} is not installed, and the command line needs it: npm install ${name}\n`,
  )
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
})

test('the install line of the command line has all that is optional but Helia', async () => {
  const text = await readFile(join(ROOT, 'docs/command-line.md'), 'utf8')
  const [, line = ''] = /^npm install rx-bitswap ((?:.*\\\n)*.*)$/m.exec(text) ?? []
  expect(line.split(/[\s\\]+/).toSorted()).toEqual(
    Object.keys(packageJson.peerDependenciesMeta)
      .filter((name) => name !== '@helia/interface')
      .toSorted(),
  )
})
