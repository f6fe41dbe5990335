import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { report, run, served, start } from './command.ts'
import { fingerprint, someBytes, temporaryFolder, writeTree } from './folder.ts'

const MIB = 1024 * 1024

test('a file crosses from one process to another', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'in'), someBytes(9 * MIB + 1))
  const { cid, address } = await served(join(folder, 'in'))

  const { exitCode, stdout, stderr } = await run(
    ['get', cid, '--from', address, '-o', 'out'], { cwd: folder },
  )
  expect(stdout).toMatch(/^.*\/out\n11 blocks, 9.0 MiB in .* 0 duplicates\n$/)
  expect(stderr).toMatch(/^connected to 12D3.*\n(.*\n)*100 %, 9.0 MiB of 9.0 MiB, .*\n$/)
  expect(exitCode).toBe(0)
  expect(await fingerprint(join(folder, 'out'))).toEqual(await fingerprint(join(folder, 'in')))
  expect((await readdir(folder)).toSorted()).toEqual(['in', 'out'])
})

test('a folder crosses, with empty files, empty folders and many files', async () => {
  const folder = await temporaryFolder()
  const small = Array.from({ length: 300 }, (_, i) => [`many/${i}`, someBytes(i, i)] as const)
  await writeTree(join(folder, 'in'), {
    ...Object.fromEntries(small), empty: new Uint8Array(), 'deep/er/large': someBytes(3 * MIB),
  })
  await mkdir(join(folder, 'in', 'nothing'))
  const { cid, address } = await served(join(folder, 'in'))

  const { exitCode } = await run(['get', cid, '--from', address, '-o', 'out'], { cwd: folder })
  expect(exitCode).toBe(0)
  expect(await fingerprint(join(folder, 'out'))).toEqual(await fingerprint(join(folder, 'in')))
})

test('the command that serve prints is the one to type', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'in'), someBytes(10))
  const serve = ['serve', 'in', '--store', 'blocks', '--listen', '/ip4/127.0.0.1/tcp/0']
  const server = start(serve, { cwd: folder })
  const lines = server.lines[Symbol.asyncIterator]()
  const cid = (await lines.next()).value as string
  const [, args = ''] = /main\.ts (get .*)$/.exec((await lines.next()).value as string) ?? []

  expect((await run(args.split(' '), { cwd: folder })).exitCode).toBe(0)
  expect(await fingerprint(join(folder, cid))).toEqual(await fingerprint(join(folder, 'in')))
  server.child.kill('SIGINT')
  const { exitCode, stderr } = await server.ended
  expect(stderr).toContain('sent 1 block, 10 B')
  expect(exitCode).toBe(130)
})

test('what is in the store is not asked for again', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'in'), someBytes(3 * MIB))
  const { server, cid, address } = await served(join(folder, 'in'))
  const get = ['get', cid, '--from', address, '--store', 'blocks', '--json']

  expect((await run([...get, '-o', 'one'], { cwd: folder })).exitCode).toBe(0)
  expect((await run([...get, '-o', 'two'], { cwd: folder })).exitCode).toBe(0)
  server.child.kill('SIGINT')
  const { stdout } = await server.ended
  expect(stdout).toContain('{"type":"served","blocks":4,')
  expect(await fingerprint(join(folder, 'two'))).toEqual(await fingerprint(join(folder, 'in')))
})

test('a store in the folder that is served is not served with it', async () => {
  const folder = await temporaryFolder()
  await writeTree(folder, { file: someBytes(2 * MIB), 'deep/file': someBytes(10) })
  const serve = ['serve', '.', '--store', 'deep/st', '--json', '--listen', '/ip4/127.0.0.1/tcp/0']
  const first = await report(start(serve, { cwd: folder }), 'serving')
  const second = await report(start(serve, { cwd: folder }), 'serving')
  expect(second).toMatchObject({ cid: first.cid, bytes: 2 * MIB + 10 })
})

test('get --json reports in lines of JSON', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'in'), someBytes(2 * MIB))
  const { cid, address } = await served(join(folder, 'in'))

  const getting = start(['get', cid, '--from', address, '-o', 'out', '--json'], { cwd: folder })
  const done = await report(getting, 'done')
  expect(done).toMatchObject({ path: join(folder, 'out'), cid, blocks: 3, duplicates: 0 })
  const { stdout, stderr } = await getting.ended
  const types = stdout.trim().split('\n').map((line) => (JSON.parse(line) as { type: string }).type)
  expect(types.toSpliced(1, types.length - 2)).toEqual(['connected', 'done'])
  expect(new Set(types.slice(1, -1))).toEqual(new Set(['progress']))
  expect(stderr).toBe('')
})
