import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { memoryUsage } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { BlockBroker, BlockBrokerGetBlockProgressEvents, HeliaMixin, Provider } from '@helia/interface'
import type { Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { MemoryBlockstore } from 'blockstore-core'
import { filter, firstValueFrom } from 'rxjs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { HeliaComponents, OwnRxBitswapBroker } from '../../src/adapters/helia-block-broker.ts'
import { rxBitswap, withRxBitswap } from '../../src/adapters/helia-block-broker.ts'
import { InvalidBlockError, NotStartedError } from '../../src/errors.ts'
import { blockOf, connect, give, knows, startLibp2p, startNode, type TestNode, wantedAt } from '../node/nodes.ts'

/** What Helia hands to a factory of brokers. */
const componentsOf = (providers: readonly TestNode[] = []) => ({
  blockstore: new MemoryBlockstore(),
  routing: {
    async * findProviders (): AsyncGenerator<Provider> {
      for (const { peer, libp2p } of providers) {
        yield {
          id: peer.toCID(),
          multiaddrs: libp2p.getMultiaddrs(),
          protocols: ['transport-bitswap'],
          router: 'test',
          fallback: false,
        }
      }
    },
  },
}) satisfies HeliaComponents

interface BrokerNode {
  readonly libp2p: Libp2p
  readonly blockstore: MemoryBlockstore
  readonly broker: OwnRxBitswapBroker
}

/** Half a Helia node: its libp2p node, its store and our broker. */
const startBroker = async (components = componentsOf()): Promise<BrokerNode> => {
  const libp2p = await startLibp2p()
  const broker = rxBitswap({ libp2p })(components)
  await broker.start()
  onTestFinished(() => broker.stop())
  return { libp2p, blockstore: components.blockstore, broker }
}

const startPair = async (): Promise<[BrokerNode, TestNode]> => {
  const pair: [BrokerNode, TestNode] = await Promise.all([startBroker(), startNode()])
  const [{ libp2p }, b] = pair
  await libp2p.dial(b.libp2p.getMultiaddrs())
  await knows(b, libp2p.peerId)
  return pair
}

const wantedBy = ({ libp2p }: BrokerNode, at: TestNode, size: number): Promise<unknown> =>
  firstValueFrom(at.exchange.peerWantlist(libp2p.peerId)
    .pipe(filter((wants) => wants.size === size)))

/** Its first message is out: it has asked, or has said that it has nothing. */
const answered = ({ events }: TestNode): Promise<void> =>
  vi.waitFor(() => expect(events.some(({ type }) => type === 'sent')).toBe(true))

const recorder = () => {
  const seen: BlockBrokerGetBlockProgressEvents[] = []
  return { seen, onProgress: (event: BlockBrokerGetBlockProgressEvents) => { seen.push(event) } }
}

describe('retrieve', () => {
  it('gets a block, has it validated, and stores it', async () => {
    const [a, b] = await startPair()
    const block = await blockOf('x')
    await give(b, [block])
    const validateFn = vi.fn(() => Promise.resolve())
    expect(await a.broker.retrieve(block.cid, { validateFn })).toEqual(block.bytes)
    expect(validateFn.mock.calls).toEqual([[block.bytes]])
    expect(a.blockstore.has(block.cid)).toBe(true)
  })

  it('does not look into the store, for Helia has', async () => {
    const [a, b] = await startPair()
    const block = await blockOf('x')
    await give(b, [block])
    const has = vi.spyOn(a.blockstore, 'has')
    await a.broker.retrieve(block.cid)
    expect(has).not.toHaveBeenCalled()
  })

  it('rejects an abort with its reason, and cancels', async () => {
    const [a, b] = await startPair()
    const { cid } = await blockOf('x')
    const controller = new AbortController()
    const retrieved = a.broker.retrieve(cid, { signal: controller.signal })
    await wantedBy(a, b, 1)
    const reason = new Error('another broker was faster')
    controller.abort(reason)
    await expect(retrieved).rejects.toBe(reason)
    await wantedBy(a, b, 0)
    await expect(a.broker.retrieve(cid, { signal: controller.signal })).rejects.toBe(reason)
  })

  it('refuses what is larger than it may be, or not what it should be', async () => {
    const [a, b] = await startPair()
    const block = await blockOf('x', 2_001)
    const huge = await blockOf('huge', 2 * 1024 * 1024 + 1)
    await give(b, [block, huge])
    await expect(a.broker.retrieve(block.cid, { maxSize: 2_000 }))
      .rejects.toThrow(`${block.cid} cannot be fetched: it has 2001 bytes, maxSize is 2000`)
    expect(await a.broker.retrieve(block.cid, { maxSize: 2_001 })).toEqual(block.bytes)
    await expect(a.broker.retrieve(huge.cid)).rejects.toThrow(InvalidBlockError)
    const validateFn = () => Promise.reject(new Error('not what it should be'))
    await expect(a.broker.retrieve(block.cid, { validateFn })).rejects.toThrow('not what it')
  })

  it('reports whom the block is asked of, and who sent it', async () => {
    const [a, b] = await startPair()
    const [block, other] = await Promise.all([blockOf('x'), blockOf('y')])
    await give(b, [block, other])
    const { seen, onProgress } = recorder()
    await Promise.all([
      // A provider that is connected is not connected to.
      a.broker.retrieve(block.cid, { onProgress, providers: [b.peer.toCID()] }),
      a.broker.retrieve(other.cid, { onProgress: () => {} }),
    ])
    const detail = { broker: 'rx-bitswap', provider: b.peer.toCID(), cid: block.cid }
    expect(seen).toEqual(['request-block', 'receive-block'].map((type) =>
      ({ type: `helia:block-broker:${type}`, detail: { ...detail, type } })))
  })

  it('rejects when its progress listener throws', async () => {
    const [a] = await startPair()
    const { cid } = await blockOf('x')
    const onProgress = () => { throw new Error('a bug of the application') }
    await expect(a.broker.retrieve(cid, { onProgress })).rejects.toThrow('a bug of the application')
  })

  it('dials the providers it is given, by peer and by address, and says so', async () => {
    const [a, b, c] = await Promise.all([startBroker(), startNode(), startNode()])
    const [x, y] = await Promise.all([blockOf('x'), blockOf('y')])
    await Promise.all([give(b, [x]), give(c, [y])])
    await a.libp2p.peerStore.merge(b.peer, { multiaddrs: b.libp2p.getMultiaddrs() })
    const { seen, onProgress } = recorder()

    // The CID of a block is no peer: such a provider is for another broker.
    const providers = [b.peer.toCID(), x.cid]
    expect(await a.broker.retrieve(x.cid, { providers, onProgress })).toEqual(x.bytes)
    expect(await a.broker.retrieve(y.cid, { providers: [c.libp2p.getMultiaddrs()] }))
      .toEqual(y.bytes)

    expect(seen.map(({ detail }) => detail.type))
      .toEqual(['connect', 'connected', 'request-block', 'receive-block'])
    expect(seen.every(({ detail }) => detail.provider.equals(b.peer.toCID()))).toBe(true)
    expect(seen[1]).toMatchObject({
      detail: { address: a.libp2p.getConnections(b.peer)[0]?.remoteAddr },
    })
  })

  it('asks its other providers when an address ends in what is no peer', async () => {
    const [a, b] = await Promise.all([startBroker(), startNode()])
    const block = await blockOf('x')
    await give(b, [block])
    const { seen, onProgress } = recorder()
    const providers = [multiaddr('/ip4/127.0.0.1/tcp/1/p2p/1A'), ...b.libp2p.getMultiaddrs()]
    expect(await a.broker.retrieve(block.cid, { providers, onProgress })).toEqual(block.bytes)
    expect(seen.map(({ detail }) => detail.type)).toContain('connected')
  })

  it('stops dialling when it is aborted', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => { silent.close() })
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const a = await startBroker()
    const { cid } = await blockOf('x')
    const controller = new AbortController()
    const { signal } = controller
    const providers = [multiaddr(`/ip4/127.0.0.1/tcp/${port}`)]
    const retrieved = a.broker.retrieve(cid, { providers, signal }).catch(() => {})
    await once(silent, 'connection')
    expect(a.libp2p.getDialQueue()).toHaveLength(1)
    controller.abort()
    await retrieved
    await vi.waitFor(() => expect(a.libp2p.getDialQueue()).toEqual([]))
  })

  it('finds providers by Helia\'s routing', async () => {
    const b = await startNode()
    const a = await startBroker(componentsOf([b]))
    const block = await blockOf('x')
    await give(b, [block])
    expect(await a.broker.retrieve(block.cid)).toEqual(block.bytes)
  })
})

describe('announce', () => {
  it.each(['before', 'after'])('pushes a block to who waits for it, %s the put', async (when) => {
    const [a, b] = await startPair()
    const block = await blockOf('x')
    const arrival = firstValueFrom(b.exchange.want(block.cid))
    await answered(b)
    if (when === 'before') await a.broker.announce(block.cid)
    await a.blockstore.put(block.cid, block.bytes)
    if (when === 'after') await a.broker.announce(block.cid)
    expect((await arrival).bytes).toEqual(block.bytes)
  })
})

describe('a session', () => {
  it('dials its providers, and those that are added', async () => {
    const [a, b, c] = await Promise.all([startBroker(), startNode(), startNode()])
    const [x, y] = await Promise.all([blockOf('x'), blockOf('y')])
    await Promise.all([give(b, [x]), give(c, [y])])
    const session = a.broker.createSession({ providers: b.libp2p.getMultiaddrs() })
    const { seen, onProgress } = recorder()
    expect(await session.retrieve?.(x.cid, { onProgress })).toEqual(x.bytes)
    expect(seen.map(({ detail }) => detail.type)).toContain('connected')

    const retrieved = session.retrieve?.(y.cid)
    await wantedBy(a, b, 1)
    await session.addPeer(c.libp2p.getMultiaddrs())
    expect(await retrieved).toEqual(y.bytes)
  })

  it('leaves nothing behind when it is dropped, for Helia does not close it', async () => {
    setFlagsFromString('--expose-gc')
    const gc = runInNewContext('gc') as () => void
    const { broker } = await startBroker()
    const heapAfter = async (sessions: number): Promise<number> => {
      for (let n = 0; n < sessions; n++) broker.createSession()
      await new Promise((resolve) => { setImmediate(resolve) })
      gc()
      return memoryUsage().heapUsed
    }
    const before = await heapAfter(100)
    expect(await heapAfter(5_000) - before).toBeLessThan(5_000 * 1_000)
  })

  it('asks who is connected when it has no providers, and cancels on abort', async () => {
    const [a, b] = await startPair()
    const { cid } = await blockOf('x')
    const session = a.broker.createSession()
    const controller = new AbortController()
    const retrieved = session.retrieve?.(cid, { signal: controller.signal })
    await wantedBy(a, b, 1)
    controller.abort(new Error('closed'))
    await expect(retrieved).rejects.toThrow('closed')
    await wantedBy(a, b, 0)
  })
})

describe('the life of the broker', () => {
  it('is that of Helia, which starts and stops it twice, and again', async () => {
    const [a, b] = await startPair()
    await a.broker.start()
    const { cid } = await blockOf('x')
    const onProgress = () => {}
    const retrieved = a.broker.retrieve(cid, { onProgress }).catch((error: unknown) => error)
    await answered(b)
    await Promise.all([a.broker.stop(), a.broker.stop()])
    expect(await retrieved).toBeInstanceOf(NotStartedError)
    await expect(a.broker.retrieve(cid)).rejects.toThrow(NotStartedError)

    await Promise.all([a.broker.start(), a.broker.start()])
    const block = await blockOf('y')
    await give(b, [block])
    expect(await a.broker.retrieve(block.cid)).toEqual(block.bytes)
  })

  it('outlives its node, which Helia stops before its brokers and starts after them', async () => {
    const [a, b] = await startPair()
    await a.libp2p.stop()
    await a.broker.stop()
    await a.broker.start()
    await a.libp2p.start()
    await a.libp2p.dial(b.libp2p.getMultiaddrs())
    const block = await blockOf('x')
    await give(b, [block])
    expect(await a.broker.retrieve(block.cid)).toEqual(block.bytes)
  })

  it('is its owner\'s affair on an exchange that is given', async () => {
    const [a, b] = await Promise.all([startNode(), startNode()])
    await connect(a, b)
    const broker = rxBitswap(a.exchange)()
    expect(broker).not.toHaveProperty('start')
    const { cid } = await blockOf('x')
    const controller = new AbortController()
    const retrieved = broker.retrieve(cid, { signal: controller.signal }).catch(() => {})
    await wantedAt(b, a, 1)
    controller.abort()
    await retrieved
    await wantedAt(b, a, 0)
  })

  it('begins with the mixin of a Helia node that brings its libp2p node', async () => {
    const libp2p = await startLibp2p()
    const mixins: HeliaMixin[] = []
    const brokers: BlockBroker[] = []
    const helia = {
      get libp2p () {
        if (mixins.length === 0) throw new Error('not started')
        return libp2p
      },
      addMixin: (mixin: HeliaMixin) => { mixins.push(mixin) },
      hasBlockBroker: (name: string) => brokers.some((broker) => broker.name === name),
      addBlockBroker: (factory: (components: HeliaComponents) => OwnRxBitswapBroker) => {
        const broker = factory(componentsOf())
        brokers.push(broker)
        onTestFinished(() => broker.stop())
      },
    }
    type Host = Parameters<typeof withRxBitswap>[0]
    const host = withRxBitswap(helia as unknown as Host)
    for (let starts = 0; starts < 2; starts += 1) {
      for (const mixin of mixins) await mixin.start?.(host)
    }
    expect(brokers.map(({ name }) => name)).toEqual(['rx-bitswap'])

    const b = await startNode()
    const block = await blockOf('x')
    await give(b, [block])
    const providers = [b.libp2p.getMultiaddrs()]
    expect(await brokers[0]?.retrieve?.(block.cid, { providers })).toEqual(block.bytes)
  })
})
