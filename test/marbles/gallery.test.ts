import { readFileSync, writeFileSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { marbleFiles, pathOf } from '../../marbles/files.ts'
import { renderGallery } from '../../marbles/gallery.ts'

test('the page shows all specifications, also when one is drawn', () => {
  const page = readFileSync(pathOf('README.md'), 'utf8')
  onTestFinished(() => writeFileSync(pathOf('README.md'), page))
  renderGallery(marbleFiles().slice(0, 1))
  expect(readFileSync(pathOf('README.md'), 'utf8')).toBe(page)
})
