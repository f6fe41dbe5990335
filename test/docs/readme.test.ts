import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import ts from 'typescript'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { testMarble } from '../../src/testing/index.ts'
import { ROOT, samplesIn } from './samples.ts'
import type { Sample } from './samples.ts'

const FILE = 'README.md'
const [program, ...fragments] = samplesIn(FILE, 'ts')

// Below the root, so that packages resolve; a name of its own, so that runs do not meet.
const FOLDER = `${ROOT}coverage/samples-${process.pid}/`
const NODE = ['--import', `${ROOT}test/docs/own-name.js`]

const SCENE = ['address', 'blockstore', 'bytes', 'cid', 'cids', 'exchange', 'libp2p']

/** A fragment with the names that it takes for granted, save those it declares itself. */
const scened = ({ code }: Sample): string => {
  const taken = SCENE.filter((name) => !new RegExp(`^const ${name}\\b`, 'm').test(code))
  return `import { ${taken.join(', ')} } from '${ROOT}test/docs/scene.ts'\n${code}`
}

const files = new Map([
  [`${FOLDER}program.ts`, program!.code],
  ...fragments.map((fragment, index) => [`${FOLDER}${index}.ts`, scened(fragment)] as const),
])

beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true })
  for (const [path, code] of files) await writeFile(path, code)
})
afterAll(() => rm(FOLDER, { recursive: true }))

it('samples have the types they should have', { timeout: 120_000 }, () => {
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${ROOT}tsconfig.json`, (path) => ts.sys.readFile(path)).config,
    ts.sys,
    ROOT,
  )
  const checked = ts.createProgram([...files.keys()], {
    ...options,
    // A reader's own project need not be as strict as ours.
    noUncheckedIndexedAccess: false,
    paths: {
      'rx-bitswap': [`${ROOT}src/index.ts`],
      'rx-bitswap/testing': [`${ROOT}src/testing/index.ts`],
    },
  })
  const faults = ts.getPreEmitDiagnostics(checked)
    .filter(({ file }) => file?.fileName.startsWith(FOLDER))
    .map(({ file, messageText }) =>
      `${file!.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`)
  expect(faults).toEqual([])
})

it('what the first program imports is installed before', () => {
  const install = samplesIn(FILE, 'sh')[0]!.code.split(/\s+/)
  const imported = [...program!.code.matchAll(/from '((?:@[^/']+\/)?[^/']+)/g)]
    .map(([, name]) => name)
  expect(install).toEqual(expect.arrayContaining(imported))
})

it('the first program fetches a block and ends, in at most 15 lines', async () => {
  expect(program!.code.trim().split('\n').filter((line) => line !== '').length)
    .toBeLessThanOrEqual(15)
  const serve = `
    import { address, cid } from '${ROOT}test/docs/scene.ts'
    console.log(JSON.stringify([address, cid].map(String)))`
  await writeFile(`${FOLDER}holder.ts`, serve)
  const holder = start(`${FOLDER}holder.ts`)
  const [line] = await once(holder.stdout, 'data') as [Buffer]
  const fetching = start(`${FOLDER}program.ts`, ...JSON.parse(line.toString()) as string[])
  const ended = once(fetching, 'close')
  const [output] = await once(fetching.stdout, 'data') as [Buffer]
  expect(output.toString()).toBe('block 0')
  expect(await ended).toEqual([0, null])
})

const start = (...args: string[]) => {
  const child = spawn(process.execPath, [...NODE, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => { child.kill() })
  return child
}

it('fragments run', async () => {
  const all = fragments.map((_, index) => `await import('${FOLDER}${index}.ts')`)
  // Long enough for what was begun to end in an error, if it does.
  const end = 'setTimeout(() => process.exit(0), 500)'
  const { stderr } = await promisify(execFile)(
    process.execPath,
    [...NODE, '-e', [...all, end].join('\n')],
  )
  expect(stderr).toBe('')
})

it.each(samplesIn(FILE, 'marble'))('the diagram at $name plays', ({ name, code }) => {
  testMarble(code, { file: name })
})

it.each(['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/benchmarks.md'])(
  '%s links to files that exist',
  (file) => {
    const text = readFileSync(`${ROOT}${file}`, 'utf8')
    const missing = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
      .map(([, path]) => path!)
      .filter((path) => !existsSync(new URL(path, `file://${ROOT}${file}`)))
    expect(missing).toEqual([])
  },
)
