import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { getuid } from 'node:process'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { run, served } from './command.ts'
import { fingerprint, someBytes, temporaryFolder, writeTree } from './folder.ts'

const NOBODY_HAS = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'
const NOBODY_IS_THERE =
  '/ip4/127.0.0.1/tcp/9/p2p/12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8'
const GET = ['get', NOBODY_HAS, '--from', NOBODY_IS_THERE]

let folder: string
beforeEach(async () => { folder = await temporaryFolder() })

/** One line on stderr, nothing on stdout. */
const expectOneLine = async (args: readonly string[], exitCode: number, line: RegExp) => {
  const ended = await run(args, { cwd: folder })
  expect(ended).toMatchObject({ exitCode, signal: null, stdout: '' })
  expect(ended.stderr).toMatch(line)
  expect(ended.stderr.split('\n')).toHaveLength(2)
}

describe('what is typed wrong gets exit code 2', () => {
  const have = (address: string) => ['have', NOBODY_HAS, '--from', address]

  test.each<[string, string[], RegExp]>([
    ['a malformed CID', ['get', 'bafyno', ...GET.slice(2)], /'bafyno'.*not a CID: copy it/],
    ['a malformed multiaddr', have('127.0.0.1:4001'), /'127.0.0.1:4001'.*look like \/ip4/],
    ['an address that is not TCP', have('/ip4/1.2.3.4/udp/1/quic-v1'), /must be a TCP address/],
    ['a CID among the addresses', ['get', ...GET.slice(2), NOBODY_HAS], /no address goes first/],
    ['no peer', ['get', NOBODY_HAS], /'--from <multiaddr...>' not specified/],
    ['no CID', ['have', '--from', NOBODY_IS_THERE], /missing required argument 'cid'/],
    ['an unknown option', ['serve', '.', '--nonsense'], /unknown option '--nonsense'/],
    ['an unknown command', ['fetch'], /unknown command 'fetch'/],
    ['a malformed number', [...GET, '--concurrency', '0'], /at least 1/],
    ['a malformed address to listen on', ['serve', '.', '--listen', 'here'], /'here'.*look like/],
  ])('%s', async (_, args, line) => {
    await expectOneLine(args, 2, line)
  })
})

describe('what cannot be done gets exit code 1', () => {
  test('serving a file that is missing', async () => {
    const line = /no such file or folder: check the path.*\(missing\)$/m
    await expectOneLine(['serve', 'missing', '--memory'], 1, line)
  })

  test('listening on an address of another machine', async () => {
    await writeFile(join(folder, 'in'), '')
    const serve = ['serve', 'in', '--memory', '--listen', '/ip4/203.0.113.1/tcp/4001']
    await expectOneLine(serve, 1, /choose another one with --listen/)
  })

  test('getting from a peer that cannot be reached', async () => {
    const line = /Could not reach \/ip4\/127.0.0.1\/tcp\/9.*nobody is listening.*: check the add/
    await expectOneLine(GET, 1, line)
    expect(await readdir(folder)).toEqual([])
  })

  test('getting over the store that is used for it', async () => {
    const get = [...GET, '--output', 'lib', '--store', 'lib/blocks', '--force']
    await expectOneLine(get, 1, /lib\/blocks.*choose another folder for --store/)
    expect(await readdir(folder)).toEqual([])
  })

  test('getting over what exists, which stays', async () => {
    await writeFile(join(folder, 'out'), 'precious')
    const args = [...GET, '-o', 'out']
    await expectOneLine(args, 1, /out exists: choose another name with -o, or .* --force/)
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe('precious')
    expect(await readdir(folder)).toEqual(['out'])
  })

  test('getting into a folder that is not there', async () => {
    const args = [...GET, '-o', 'no/where']
    await expectOneLine(args, 1, /no such file or folder: check the path, or create the folder/)
  })

  test('getting into a file as if it were a folder', async () => {
    await writeFile(join(folder, 'file'), '')
    const args = [...GET, '-o', 'file/out']
    await expectOneLine(args, 1, /not a folder: check the path/)
  })

  test.skipIf(getuid?.() === 0)('getting into a folder that may not be written', async () => {
    await mkdir(join(folder, 'locked'))
    await chmod(join(folder, 'locked'), 0o500)
    const args = [...GET, '-o', 'locked/out']
    await expectOneLine(args, 1, /No permission: choose a folder you may use/)
  })

  test.each<[string, string, RegExp]>([
    ['over the output', 'out', /out is written by get itself: choose another file for --record/],
    ['into the output', 'out/record', /out\/record is written by get itself: choose another file/],
    ['over a folder', '.', /It is a folder: name a file/],
    ['into a folder that is not there', 'no/where', /no such file or folder/],
  ])('recording %s is refused before anybody is asked', async (_, record, line) => {
    await expectOneLine([...GET, '-o', 'out', '--record', record], 1, line)
    expect(await readdir(folder)).toEqual([])
  })

  test('what fails leaves no record, and the one that was there', async () => {
    await writeFile(join(folder, 'old'), 'precious')
    await expectOneLine([...GET, '--record', 'new'], 1, /Could not reach/)
    await expectOneLine([...GET, '--record', 'old'], 1, /Could not reach/)
    expect(await readFile(join(folder, 'old'), 'utf8')).toBe('precious')
    expect(await readdir(folder)).toEqual(['old'])
  })

  test('getting what nobody has fails fast, with the evidence', async () => {
    await writeFile(join(folder, 'in'), someBytes(10))
    const { address } = await served(join(folder, 'in'))
    const args = ['get', NOBODY_HAS, '--from', address, '-o', 'out']
    const { exitCode, stderr } = await run(args, { cwd: folder })
    const peer = address.split('/').at(-1) ?? ''
    const evidence = `${NOBODY_HAS} (${peer}: dont-have)`
    expect(stderr).toContain(`rx-bitswap: Nobody has ${evidence}: name a peer`)
    expect(exitCode).toBe(1)
    expect(await readdir(folder)).toEqual(['in'])
  })

  test('running out of space in the store names it', async () => {
    await writeFile(join(folder, 'in'), someBytes(3 * 1024 * 1024))
    // A limit on the size of files stands in for a disk that is full.
    const shell = 'trap "" XFSZ; ulimit -f 1000'
    const { exitCode, stderr } = await run(['serve', 'in', '--store', 'st'], { cwd: folder, shell })
    expect(stderr).toMatch(/^rx-bitswap: The file is larger than is allowed here: .*\/st\)$/m)
    expect(exitCode).toBe(1)
  })

  test('running out of space leaves nothing behind', async () => {
    await writeFile(join(folder, 'in'), someBytes(3 * 1024 * 1024))
    const { cid, address } = await served(join(folder, 'in'))
    // A limit on the size of files stands in for a disk that is full.
    const args = ['get', cid, '--from', address, '-o', 'out']
    const shell = 'trap "" XFSZ; ulimit -f 1000'
    const { exitCode, stderr } = await run(args, { cwd: folder, shell })
    expect(stderr).toMatch(/^rx-bitswap: The file is larger than is allowed here: raise the limit/m)
    expect(exitCode).toBe(1)
    expect(await readdir(folder)).toEqual(['in'])
  })
})

describe('--force', () => {
  test.each([
    ['a file', async (path: string) => writeFile(path, 'old')],
    ['a folder', async (path: string) => writeTree(path, { old: someBytes(1) })],
  ])('replaces %s, and only once the new one is whole', async (_, create) => {
    await writeFile(join(folder, 'in'), 'new')
    await create(join(folder, 'out'))
    const before = await fingerprint(join(folder, 'out'))
    const { cid, address } = await served(join(folder, 'in'))

    const get = (wanted: string) =>
      run(['get', wanted, '--from', address, '-o', 'out', '--force'], { cwd: folder })
    expect(await get(NOBODY_HAS)).toMatchObject({ exitCode: 1 })
    expect(await fingerprint(join(folder, 'out'))).toEqual(before)

    expect(await get(cid)).toMatchObject({ exitCode: 0 })
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe('new')
    expect((await readdir(folder)).toSorted()).toEqual(['in', 'out'])
  })
})
