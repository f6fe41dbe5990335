import { mkdir, rm, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROOT, samplesIn } from './samples.ts'

const samples = samplesIn('docs/testing.md', 'ts')
// Below the root, so that packages resolve; a name of its own, so that runs do not meet.
const FOLDER = `${ROOT}coverage/testing-samples-${process.pid}/`

beforeAll(() => mkdir(FOLDER, { recursive: true }))
afterAll(() => rm(FOLDER, { recursive: true }))

it.each(samples.map((sample, index) => ({ ...sample, index })))('$name runs', async (sample) => {
  const path = `${FOLDER}${sample.index}.ts`
  await writeFile(path, sample.code)
  await expect(import(path)).resolves.toBeDefined()
})
