import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { blockOf, startNode } from '../node/nodes.ts'
import { beforeItEnds, run, served, start } from './command.ts'
import { someBytes, temporaryFolder } from './folder.ts'

const NOBODY_HAS = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'

test('have tells who has it', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'one'), someBytes(10, 1))
  await writeFile(join(folder, 'two'), someBytes(10, 2))
  const one = await served(join(folder, 'one'))
  const two = await served(join(folder, 'two'))
  const peer = (address: string): string => address.split('/').at(-1) ?? ''

  const { exitCode, stdout } = await run(['have', one.cid, '--from', one.address, two.address])
  expect(stdout.trim().split('\n').toSorted()).toEqual([
    `${peer(one.address)} have`, `${peer(two.address)} dont-have`,
  ].toSorted())
  expect(exitCode).toBe(0)
})

test('have fails when nobody has it', async () => {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'in'), someBytes(10))
  const { address } = await served(join(folder, 'in'))
  const { exitCode, stdout, stderr } = await run(['have', NOBODY_HAS, '--from', address])
  expect(stdout).toMatch(/^12D3\w+ dont-have\n$/)
  expect(stderr).toContain(`rx-bitswap: Nobody has ${NOBODY_HAS}: name a peer`)
  expect(exitCode).toBe(1)
})

test('have --watch stays, and tells when a peer gets it', async () => {
  const { libp2p, blockstore, exchange } = await startNode()
  const { cid, bytes } = await blockOf('x')
  const address = String(libp2p.getMultiaddrs()[0])
  const watching = start(['have', cid.toString(), '--from', address, '--watch'])
  const lines = watching.lines[Symbol.asyncIterator]()

  expect((await lines.next()).value).toBe(`${libp2p.peerId} dont-have`)
  await blockstore.put(cid, bytes)
  exchange.notify([cid])
  expect((await lines.next()).value).toBe(`${libp2p.peerId} have`)
  watching.child.kill('SIGINT')
  expect((await watching.ended).exitCode).toBe(130)
})

test('a peer that does not answer holds up nobody, and is told of in the end', async () => {
  const mute = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => { mute.close() })
  await once(mute, 'listening')
  const { port } = mute.address() as AddressInfo
  const sockets: Socket[] = []
  mute.on('connection', (socket) => sockets.push(socket))

  const { libp2p } = await startNode()
  const from = [`/ip4/127.0.0.1/tcp/${port}`, String(libp2p.getMultiaddrs()[0])]
  const watching = start(['have', NOBODY_HAS, '--from', ...from, '--watch'])
  await beforeItEnds(watching, once(watching.lines, 'line'))
  for (const socket of sockets) socket.destroy()
  await beforeItEnds(watching, vi.waitFor(() => {
    expect(watching.output.stderr).toContain(`could not reach /ip4/127.0.0.1/tcp/${port}: `)
  }, { timeout: 60_000 }))
})
