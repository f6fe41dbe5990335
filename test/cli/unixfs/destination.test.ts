import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chdir, cwd, getuid } from 'node:process'
import { describe, expect, onTestFinished, test } from 'vitest'
import { destinationAt } from '../../../src/cli/unixfs/destination.ts'
import { someBytes, temporaryFolder, writeTree } from '../folder.ts'

const standIn = (folder: string): void => {
  const before = cwd()
  onTestFinished(() => { chdir(before) })
  chdir(folder)
}

describe('the folder one stands in is not replaced', () => {
  test.each(['.', '..', '../..', '/', '../../link/two'])('as %s', async (given) => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'one/two'), { recursive: true })
    await symlink('one', join(folder, 'link'))
    standIn(join(folder, 'one/two'))
    await expect(destinationAt(join(folder, 'one/two', given), true))
      .rejects.toThrow(/ is the folder that you are in, or holds it: choose another name with -o$/)
    expect(await readdir(folder)).toEqual(['link', 'one'])
  })

  test('and those beside and below it are', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'one'))
    standIn(join(folder, 'one'))
    for (const given of ['..two', '../two', '../on']) {
      await (await destinationAt(given, true)).clear()
    }
  })
})

// Nothing is locked for root.
const asUser = test.skipIf(getuid?.() === 0)
asUser('what cannot be removed is told of when the new is there', async () => {
  const folder = await temporaryFolder()
  await writeTree(join(folder, 'out'), { 'locked/old': someBytes(1) })
  const destination = await destinationAt(join(folder, 'out'), true)
  await writeFile(destination.temporaryPath, 'new')
  await chmod(join(folder, 'out/locked'), 0o500)
  const error: unknown = await destination.commit().catch((reason: unknown) => reason)
  const [, old = ''] = /^.*out is there, but .* remove (.*) yourself$/.exec(String(error)) ?? []
  onTestFinished(() => chmod(join(old, 'locked'), 0o700))

  await destination.clear()
  expect(await readFile(join(folder, 'out'), 'utf8')).toBe('new')
  expect((await stat(join(old, 'locked/old'))).size).toBe(1)
})
