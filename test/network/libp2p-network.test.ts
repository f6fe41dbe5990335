import type { Connection, Libp2p } from '@libp2p/interface'
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DialError, TimeoutError } from '../../src/errors.ts'
import { encodeFrame } from '../../src/message/encode.ts'
import { BITSWAP_PROTOCOLS } from '../../src/message/protocols.ts'
import { CONNECT_TIMEOUT_MS } from '../../src/network/connect.ts'
import { hostOf } from '../../src/network/host.ts'
import type { Libp2pHostComponents } from '../../src/network/host.ts'
import { libp2pNetwork } from '../../src/network/libp2p-network.ts'
import type { Libp2pNetwork } from '../../src/network/libp2p-network.ts'
import type { PeerEvent } from '../../src/ports.ts'
import { systemClock } from '../../src/adapters/system-clock.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'
import {
  connectionTo, numbered, record, sending, sendInTurn, startNode, startPeer, streamsOf, testNode,
  until, withBlock,
} from './nodes.ts'
import type { TestPeer } from './nodes.ts'

const address = ({ node }: Pick<TestPeer, 'node'>) => node.getMultiaddrs()[0]!

/** The peer events so far, with `old-up` for a peer that knows no HAVE. */
const events = (network: Libp2pNetwork): (() => string[]) => {
  const peers = record(network.peer$)
  const isOld = (event: PeerEvent) => event.type === 'peer-up' && !event.supportsHave
  return () => peers.values.map((event) => isOld(event) ? 'old-up' : event.type)
}

const bitswapProtocols = (node: Libp2p): string[] =>
  node.getProtocols().filter((id) => id.includes('bitswap'))

const identified = (node: Libp2p, isTheOne: (connection: Connection) => boolean = () => true) =>
  new Promise<void>((resolve) => {
    node.addEventListener('peer:identify', ({ detail }) => {
      if (isTheOne(detail.connection)) resolve()
    })
  })

describe('two nodes', () => {
  it('echo a thousand messages both ways, in order', async () => {
    const a = await startPeer()
    const b = await startPeer()
    const [ask, echo] = [sendInTurn(a), sendInTurn(b)]
    b.network.message$.subscribe(({ peer, message }) => echo(peer, numbered(message.pendingBytes)))
    await lastValueFrom(a.network.connect(address(b)))
    const echoed = firstValueFrom(a.network.message$.pipe(take(1_000), toArray()))
    const numbers = [...Array(1_000).keys()]
    for (const n of numbers) ask(b.id, numbered(n))
    expect((await echoed).map(({ message }) => message.pendingBytes)).toEqual(numbers)
    expect(streamsOf(a.node, b.node)).toHaveLength(2)
  })

  it('move blocks of 2 MiB both ways at once', async () => {
    const [a, b] = [await startPeer(), await startPeer()]
    await lastValueFrom(a.network.connect(address(b)))
    const arrivals = [a, b].map(({ network }) =>
      firstValueFrom(network.message$.pipe(take(12), toArray())))
    for (const [from, to] of [[a, b], [b, a]] as const) {
      const send = sendInTurn(from)
      for (let n = 0; n < 12; n++) send(to.id, withBlock(n, 2 * 1024 * 1024))
    }
    for (const received of await Promise.all(arrivals)) {
      expect(received.map(({ message }) => message.pendingBytes)).toEqual([...Array(12).keys()])
      const sizes = received.map(({ message }) => message.blocks[0]?.bytes.byteLength)
      expect(new Set(sizes)).toEqual(new Set([2 ** 21]))
    }
  })
})

describe('peers', () => {
  it('are up once for any number of connections, and down with the last', async () => {
    const [a, b] = [await startPeer(), await startPeer()]
    const [atA, atB] = [events(a.network), events(b.network)]
    await lastValueFrom(a.network.connect(address(b)))
    const second = await b.node.dial(address(a), { force: true })
    await lastValueFrom(sending(b.network, a.id, numbered(1)))
    await until(() => expect(b.node.getConnections(a.id)).toHaveLength(2))
    await second.close()
    await until(() => expect(a.node.getConnections()).toHaveLength(1))
    expect(atA()).toEqual(['peer-up'])
    await b.node.hangUp(a.id)
    await until(() => expect(atA()).toEqual(['peer-up', 'peer-down']))
    await until(() => expect(atB()).toEqual(['peer-up', 'peer-down']))
  })

  it('that came before are told to a new subscriber at once', async () => {
    const [a, b] = [await startPeer(), await startPeer()]
    await lastValueFrom(a.network.connect(address(b)))
    expect(events(a.network)()).toEqual(['peer-up'])
  })

  it('that only dial us are up after identify, without having sent anything', async () => {
    const ours = await startPeer()
    const raw = await startNode()
    await raw.handle('/ipfs/bitswap/1.1.0', () => undefined)
    await raw.handle('/ipfs/bitswap', () => undefined)
    const up = firstValueFrom(ours.network.peer$)
    await raw.dial(address(ours))
    expect(await up).toMatchObject({ type: 'peer-up', supportsHave: false })
  })

  it('that do not speak Bitswap are never up', async () => {
    const ours = await startPeer()
    const seen = events(ours.network)
    const done = identified(ours.node)
    const stranger = await startNode()
    await stranger.dial(address(ours))
    await done
    expect(seen()).toEqual([])
  })

  it('without identify are up once they open a stream, and can be answered', async () => {
    const ours = await startPeer()
    const raw = await testNode({ services: {} })
    const seen = events(ours.network)
    const answer = sendInTurn(ours)
    ours.network.message$.subscribe(({ peer }) => answer(peer, numbered(2)))
    const answered = new Promise((resolve) => { void raw.handle(BITSWAP_PROTOCOLS[1], resolve) })
    const connection = await raw.dial(address(ours))
    const stream = await connection.newStream(BITSWAP_PROTOCOLS[1])
    stream.send(encodeFrame(numbered(1)))
    await answered
    expect(seen()).toEqual(['old-up'])
  })

  it('that were connected before the start are found', async () => {
    const other = await startPeer()
    const node = await startNode()
    await node.dial(address(other))
    const network = libp2pNetwork(node, { clock: systemClock })
    const seen = events(network)
    await network.start()
    await until(() => { expect(seen()).toEqual(['peer-up']) })
    await network.stop()
  })

  it('come back in the middle of things: the next message takes a new stream', async () => {
    const [a, b] = [await startPeer(), await startPeer()]
    const seen = events(a.network)
    const received = record(b.network.message$)
    for (let n = 1; n <= 3; n++) {
      await lastValueFrom(a.network.connect(address(b)))
      await lastValueFrom(sending(a.network, b.id, numbered(n)))
      await until(() => expect(received.values).toHaveLength(n))
      await b.node.hangUp(a.id)
      await until(() => expect(a.node.getConnections()).toEqual([]))
    }
    expect(seen()).toEqual(['peer-up', 'peer-down', 'peer-up', 'peer-down', 'peer-up', 'peer-down'])
    expect(received.values.map(({ message }) => message.pendingBytes)).toEqual([1, 2, 3])
  })

  it('that are redialled before the old connection ends stay up', async () => {
    const [a, b] = [await startPeer(), await startPeer()]
    const seen = events(a.network)
    const received = record(b.network.message$)
    await lastValueFrom(a.network.connect(address(b)))
    const old = connectionTo(a.node, b.id)
    const done = identified(a.node, (connection) => connection !== old)
    await a.node.dial(address(b), { force: true })
    await done
    await old.close()
    await lastValueFrom(sending(a.network, b.id, numbered(1)))
    await until(() => expect(received.values).toHaveLength(1))
    expect(seen()).toEqual(['peer-up'])
  })
})

describe('a connection that a relay limits', () => {
  const limited = async (runOnLimitedConnections: boolean) => {
    const [node, raw] = [await startNode(), await startNode()]
    node.addEventListener('connection:open', ({ detail }) => { detail.limits = { bytes: 1_000n } })
    const network = libp2pNetwork(node, { clock: systemClock, runOnLimitedConnections })
    await network.start()
    onTestFinished(() => network.stop())
    await raw.handle(BITSWAP_PROTOCOLS[0], () => undefined)
    const seen = events(network)
    const done = identified(node)
    const connection = await raw.dial(address({ node }))
    await done
    return { network, raw, seen, connection }
  }

  it('is not used', async () => {
    const { network, raw, seen, connection } = await limited(false)
    const stream = await connection.newStream(BITSWAP_PROTOCOLS[0])
    await until(() => expect(stream.status).toBe('reset'))
    expect(seen()).toEqual([])
    const dialled = record(network.connect(raw.peerId))
    await until(() => expect(dialled.error).toBeInstanceOf(DialError))
  })

  it('is used where that is asked for', async () => {
    const { network, raw, seen } = await limited(true)
    expect(seen()).toEqual(['peer-up'])
    await lastValueFrom(sending(network, raw.peerId, numbered(1)))
  })
})

describe('connect', () => {
  it('fails for a node that does not speak Bitswap', async () => {
    const a = await startPeer()
    const stranger = await startNode()
    const dialled = record(a.network.connect(address({ node: stranger })))
    await until(() => expect(dialled.error).toBeInstanceOf(DialError))
    expect((dialled.error as DialError).cause).toMatchObject({ name: 'UnsupportedProtocolError' })
  })

  it('fails for an address where nobody listens', async () => {
    const a = await startPeer()
    const gone = await startNode()
    const [nowhere] = gone.getMultiaddrs()
    await gone.stop()
    const dialled = record(a.network.connect(nowhere!))
    await until(() => expect(dialled.error).toBeInstanceOf(DialError))
    expect(dialled.error).toMatchObject({ target: nowhere?.toString() })
  })

  it('gives up in time, and stops dialling then or when it is unsubscribed', async () => {
    const clock = virtualClock()
    const a = await startPeer(clock)
    const signals: AbortSignal[] = []
    a.node.dial = (_, options) => {
      if (options?.signal !== undefined) signals.push(options.signal)
      return new Promise(() => undefined)
    }
    const dialled = record(a.network.connect(address(a)))
    a.network.connect(address(a)).subscribe().unsubscribe()
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true])
    clock.advance(CONNECT_TIMEOUT_MS)
    expect((dialled.error as DialError).cause).toBeInstanceOf(TimeoutError)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    expect(clock.pending).toBe(0)
  })
})

describe('a network', () => {
  it('runs inside a libp2p service', async () => {
    const b = await startPeer()
    const networks: Libp2pNetwork[] = []
    const node = await testNode({
      services: {
        bitswap: (components: Libp2pHostComponents) => {
          const network = libp2pNetwork(hostOf(components), { clock: systemClock })
          networks.push(network)
          return network
        },
      },
    })
    const [network] = networks
    await lastValueFrom(network!.connect(address(b)))
    await lastValueFrom(sending(network!, b.id, numbered(1)))
    expect(node.getProtocols()).toEqual(expect.arrayContaining([...BITSWAP_PROTOCOLS]))
    await node.stop()
    expect(node.getProtocols()).toEqual([])
  })

  it('starts, stops and starts again, once or twice', async () => {
    const node = await startNode()
    const b = await startPeer()
    const network = libp2pNetwork(node, { clock: systemClock })
    await network.stop()
    for (const next of [network.start, network.start, network.stop, network.start]) await next()
    const seen = events(network)
    await lastValueFrom(network.connect(address(b)))
    expect(seen()).toEqual(['peer-up'])
    const listeners = node.listenerCount('peer:identify')
    await network.stop()
    await network.stop()
    expect(node.listenerCount('peer:identify')).toBe(listeners - 1)
    expect(bitswapProtocols(node)).toEqual([])
  })

  it('does not start where another service has a protocol, and leaves that alone', async () => {
    const node = await startNode()
    await node.handle(BITSWAP_PROTOCOLS[1], () => undefined)
    const network = libp2pNetwork(node, { clock: systemClock })
    await expect(network.start()).rejects.toMatchObject({ name: 'DuplicateProtocolHandlerError' })
    expect(bitswapProtocols(node)).toEqual([BITSWAP_PROTOCOLS[1]])
    await network.stop()
  })

  it('that could not start leaves alone whoever came meanwhile', async () => {
    const [node, raw] = [await startNode(), await startNode()]
    const connection = await raw.dial(node.getMultiaddrs())
    const { handle } = node
    node.handle = async (protocol, handler, options) => {
      if (protocol !== BITSWAP_PROTOCOLS[0]) throw new Error('taken')
      await handle.call(node, protocol, handler, options)
      const stream = await connection.newStream(BITSWAP_PROTOCOLS[0])
      stream.send(encodeFrame(numbered(1)))
      await until(() => expect(message$.values).toHaveLength(1))
    }
    const network = libp2pNetwork(node, { clock: systemClock })
    const message$ = record(network.message$)
    await expect(network.start()).rejects.toThrow('taken')
    expect(bitswapProtocols(node)).toEqual([])
    await until(() => expect(streamsOf(node, raw)).toEqual([]))
    expect(events(network)()).toEqual([])
  })
})
