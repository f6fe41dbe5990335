import { basename, dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { marbleFiles, readMarble } from '../marbles/files.ts'
import { reportOf } from '../src/testing/runner/report.ts'
import { runMarble } from '../src/testing/runner/run-marble.ts'

const files = marbleFiles()
const folders = [...new Set(files.map((file) => dirname(file)))]

describe.each(folders)('marbles/%s', (folder) => {
  const here = files.filter((file) => dirname(file) === folder).map((file) => basename(file))
  it.each(here)('%s', (name) => {
    const file = `${folder}/${name}`
    const run = runMarble(readMarble(file))
    // The report is the message: no frame of the runner says more.
    if (run.failures.length > 0) expect.fail(reportOf(run, `marbles/${file}`))
  })
})
