import { mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { chdir, cwd } from 'node:process'
import { describe, expect, onTestFinished, test } from 'vitest'
import { destinationAt } from '../../../src/cli/unixfs/destination.ts'
import { temporaryFolder } from '../folder.ts'

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
