import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test, vi } from 'vitest'

// Each program takes a second to start, and ten on a loaded machine.
vi.setConfig({ testTimeout: 120_000 })

const OWN_NAME = fileURLToPath(new URL('../docs/own-name.js', import.meta.url))
const NOBODY_HAS = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'

const start = (name: string, ...args: readonly string[]) => {
  const program = fileURLToPath(new URL(`../../examples/${name}.ts`, import.meta.url))
  const child = spawn(process.execPath, ['--import', OWN_NAME, program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => { child.kill('SIGKILL') })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<string> => (await lines.next()).value as string
  return { child, nextLine, ended: once(child, 'close').then(([exitCode]) => exitCode as number) }
}

const startServe = async () => {
  const serve = start('serve', 'some text')
  const [address = '', cid = ''] = (await serve.nextLine()).split(' ')
  return { serve, address, cid }
}

test('fetch gets a block, and serve sees it', async () => {
  const { serve, address, cid } = await startServe()
  const fetch = start('fetch', address, cid)
  expect(await fetch.nextLine()).toMatch(/^9 bytes from 12D3/)
  expect(await fetch.ended).toBe(0)
  // That the last cancel leaves before the connections close is the service's own test.
  expect(await serve.nextLine()).toBe(`want-block ${cid}`)
})

test('fetch cancels at Ctrl-C', async () => {
  const { serve, address } = await startServe()
  const fetch = start('fetch', address, NOBODY_HAS)
  expect(await serve.nextLine()).toBe(`want-block ${NOBODY_HAS}`)
  fetch.child.kill('SIGINT')
  expect(await serve.nextLine()).toBe(`cancel ${NOBODY_HAS}`)
  expect(await fetch.ended).toBe(0)
})

test('availability tells who has it', async () => {
  const one = await startServe()
  const two = await startServe()
  const availability = start('availability', one.cid, one.address, two.address)
  expect(await availability.nextLine()).toMatch(/^12D3\w+ have: 1 have it$/)
  expect(await availability.nextLine()).toMatch(/^12D3\w+ have: 2 have it$/)
  availability.child.kill('SIGINT')
  expect(await availability.ended).toBe(0)
})

test('session knows when its peers lack a block', async () => {
  const { address, cid } = await startServe()
  const session = start('session', address, cid, NOBODY_HAS)
  const lines = [await session.nextLine(), await session.nextLine()]
  expect(lines.toSorted()).toEqual([`${NOBODY_HAS}: dont-have`, `${cid}: 9 bytes`].toSorted())
  expect(await session.ended).toBe(0)
})
