import { once } from 'node:events'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { identify } from '@libp2p/identify'
import { tcp } from '@libp2p/tcp'
import { MemoryBlockstore } from 'blockstore-core'
import { createLibp2p } from 'libp2p'
import type { CID } from 'multiformats/cid'
import { Subscription, filter, firstValueFrom } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { bitswap, createBitswap } from '../../src/adapters/libp2p-service.ts'
import { NotStartedError } from '../../src/errors.ts'
import { encodeFrame } from '../../src/message/encode.ts'
import { BITSWAP_PROTOCOLS } from '../../src/message/protocols.ts'
import { numbered, readMessages, until } from '../network/nodes.ts'
import { blockOf, startLibp2p } from '../node/nodes.ts'

const layers = () => ({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
})

const startService = async () => {
  const blockstore = new MemoryBlockstore()
  const services = { identify: identify(), bitswap: bitswap({ blockstore }) }
  const node = await createLibp2p({ ...layers(), services })
  onTestFinished(() => node.stop())
  return { node, blockstore, exchange: node.services.bitswap }
}

test('a service starts with its node, and fetches', async () => {
  const [a, b] = await Promise.all([startService(), startService()])
  const { cid, bytes } = await blockOf('x')
  void b.blockstore.put(cid, bytes)
  await a.node.dial(b.node.getMultiaddrs())
  const arrival = await firstValueFrom(a.exchange.want(cid))
  expect(arrival).toMatchObject({ cid, bytes })
  expect(arrival.from?.toString()).toBe(b.node.peerId.toString())
})

test('a service stops with its node: streams complete, protocols go', async () => {
  const { node, exchange } = await startService()
  const { cid } = await blockOf('x')
  const ended = firstValueFrom(exchange.want(cid), { defaultValue: 'completed' })
  expect(node.getProtocols().filter((id) => id.startsWith('/ipfs/bitswap'))).toHaveLength(4)
  await node.stop()
  expect(await ended).toBe('completed')
  expect(node.getProtocols().filter((id) => id.startsWith('/ipfs/bitswap'))).toEqual([])
  await expect(exchange.block(cid)).rejects.toThrow(NotStartedError)
})

test('a service starts again with its node', async () => {
  const [a, b] = await Promise.all([startService(), startService()])
  const { cid, bytes } = await blockOf('x')
  void b.blockstore.put(cid, bytes)
  await a.node.stop()
  await a.node.start()
  await a.node.dial(b.node.getMultiaddrs())
  expect(await a.exchange.block(cid)).toEqual(bytes)
})

test('a node without identify is refused when it is made', async () => {
  const services = { bitswap: bitswap({ blockstore: new MemoryBlockstore() }) }
  await expect(createLibp2p({ ...layers(), services })).rejects.toThrow('@libp2p/identify')
})

test('an exchange beside a node is started and stopped by hand, and by `await using`', async () => {
  const libp2p = await startLibp2p()
  const blockstore = new MemoryBlockstore()
  const { cid, bytes } = await blockOf('x')
  void blockstore.put(cid, bytes)
  const exchange = createBitswap({ libp2p, blockstore })
  await expect(exchange.block((await blockOf('y')).cid)).rejects.toThrow(NotStartedError)
  {
    await using started = exchange
    await started.start()
    await started.start()
    expect(await started.block(cid)).toEqual(bytes)
    expect(libp2p.getProtocols().filter((id) => id.startsWith('/ipfs/bitswap'))).toHaveLength(4)
  }
  expect(libp2p.getProtocols().filter((id) => id.startsWith('/ipfs/bitswap'))).toEqual([])
})

test('starts and stops take their turns, however they are called', async () => {
  const peer = await startService()
  const { cid, bytes } = await blockOf('x')
  void peer.blockstore.put(cid, bytes)
  const libp2p = await startLibp2p()
  const exchange = createBitswap({ libp2p, blockstore: new MemoryBlockstore() })
  const listeners = libp2p.listenerCount('peer:identify')
  await exchange.stop()
  await Promise.all([exchange.start(), exchange.start(), exchange.stop(), exchange.start()])
  await libp2p.dial(peer.node.getMultiaddrs())
  expect(await exchange.block(cid)).toEqual(bytes)
  await Promise.all([exchange.stop(), exchange.start(), exchange.stop(), exchange.stop()])
  expect(libp2p.listenerCount('peer:identify')).toBe(listeners)
  expect(libp2p.getProtocols().filter((id) => id.startsWith('/ipfs/bitswap'))).toEqual([])
})

test('a restart hears what is said to it before it is over', async () => {
  const [libp2p, raw] = [await startLibp2p(), await startLibp2p()]
  const heard: ReturnType<typeof readMessages>[] = []
  await raw.handle(BITSWAP_PROTOCOLS[0], (stream) => { heard.push(readMessages(stream)) })
  const connection = await raw.dial(libp2p.getMultiaddrs())
  const { cid, bytes } = await blockOf('x')
  const want = { type: 'want-block', cid, priority: 1, sendDontHave: true } as const
  const blockstore = new MemoryBlockstore()
  void blockstore.put(cid, bytes)
  const exchange = createBitswap({ libp2p, blockstore })
  onTestFinished(() => exchange.stop())
  await exchange.start()
  await exchange.stop()
  const { handle } = libp2p
  libp2p.handle = async (protocol, handler, options) => {
    await handle.call(libp2p, protocol, handler, options)
    if (protocol !== BITSWAP_PROTOCOLS[0]) return
    const stream = await connection.newStream(BITSWAP_PROTOCOLS[0])
    stream.send(encodeFrame({ ...numbered(0), wantlist: { entries: [want], full: false } }))
    await stream.close()
    await until(() => expect(stream.status).toBe('closed'))
  }
  await exchange.start()
  await until(() => expect(heard.flat().flatMap(({ blocks }) => blocks)).toHaveLength(1))
})

test('two exchanges cannot share a node, and the second leaves nothing behind', async () => {
  const { node, exchange } = await startService()
  const second = createBitswap({ libp2p: node, blockstore: new MemoryBlockstore() })
  await expect(second.start()).rejects.toThrow(/protocol/i)
  expect(node.getProtocols().filter((id) => id.startsWith('/ipfs/bitswap'))).toHaveLength(4)
  const { cid } = await blockOf('x')
  exchange.want(cid).subscribe()
  const wants = await firstValueFrom(exchange.wantlist$.pipe(filter(({ size }) => size === 1)))
  expect(wants.size).toBe(1)
})

test('the last cancels leave before the node closes its connections', async () => {
  const [a, b] = await Promise.all([startService(), startService()])
  await a.node.dial(b.node.getMultiaddrs())
  const wanted: CID[] = []
  const subscriptions = new Subscription()
  for (let i = 0; i < 200; i++) {
    const { cid } = await blockOf(`block ${i}`)
    wanted.push(cid)
    subscriptions.add(a.exchange.want(cid).subscribe())
  }
  const wants$ = b.exchange.peerWantlist(a.node.peerId)
  await firstValueFrom(wants$.pipe(filter(({ size }) => size === 200)))
  const cancelled: string[] = []
  b.exchange.cancel$.subscribe(({ cid }) => cancelled.push(cid.toString()))
  const gone = once(b.node, 'peer:disconnect')
  subscriptions.unsubscribe()
  await a.node.stop()
  await gone
  expect(cancelled.toSorted()).toEqual(wanted.map(String).toSorted())
})
