import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface'
import { firstValueFrom, lastValueFrom, Subscription } from 'rxjs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { DialError, NotStartedError, SendError, TimeoutError } from '../../src/errors.ts'
import { encodeFrame } from '../../src/message/encode.ts'
import { BITSWAP_PROTOCOLS, carriesRawBlocks } from '../../src/message/protocols.ts'
import { messageBytes } from '../../src/message/size.ts'
import { deadlineMs } from '../../src/network/deadline.ts'
import { LINGER_MS } from '../../src/network/linger.ts'
import { RETRY_DELAY_MS } from '../../src/network/send.ts'
import type { PeerEvent } from '../../src/ports.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'
import {
  connectionTo, numbered, readMessages, record, sending, startNode, startPeer, streamsOf, until,
  V0_CID, withBlock,
} from './nodes.ts'
import type { TestPeer } from './nodes.ts'

interface RawPeer {
  readonly node: Libp2p
  readonly id: PeerId
  /** The streams it was given, in order. */
  readonly streams: Stream[]
}

/** A libp2p node that takes Bitswap streams and does with them as told. */
const startRaw = async (
  onStream: (stream: Stream) => void = () => undefined,
  protocols: readonly string[] = BITSWAP_PROTOCOLS,
): Promise<RawPeer> => {
  const node = await startNode()
  const streams: Stream[] = []
  await node.handle([...protocols], (stream) => {
    streams.push(stream)
    onStream(stream)
  })
  return { node, id: node.peerId, streams }
}

/** Until the raw peer has our stream. */
const connect = async (ours: TestPeer, raw: RawPeer): Promise<Connection> => {
  await firstValueFrom(ours.network.connect(raw.node.getMultiaddrs()[0]!))
  await until(() => expect(raw.streams.length).toBe(1))
  return connectionTo(ours.node, raw.id)
}

/** Lets `fault` have each stream that is opened on a connection. */
const tamper = (
  connection: Connection,
  fault: (stream: Stream, n: number) => Stream,
): { opened: number } => {
  const { newStream } = connection
  const count = { opened: 0 }
  connection.newStream = async (protocols, options) =>
    fault(await newStream.call(connection, protocols, options), ++count.opened)
  onTestFinished(() => { connection.newStream = newStream })
  return count
}

const broken = (stream: Stream): Stream => {
  stream.send = () => { throw new Error('broken on purpose') }
  return stream
}

const types = (events: readonly PeerEvent[]): string[] => events.map(({ type }) => type)

describe('sending', () => {
  it('keeps one stream, and the order', async () => {
    const received: number[] = []
    const ours = await startPeer()
    const raw = await startRaw((stream) => {
      const messages = readMessages(stream)
      stream.addEventListener('message', () => {
        for (const { pendingBytes } of messages.splice(0)) received.push(pendingBytes)
      })
    })
    await connect(ours, raw)
    const messages = Array.from({ length: 300 }, (_, n) =>
      n % 3 === 0 ? withBlock(n, 100_000) : numbered(n))
    const sizes: number[] = []
    for (const message of messages) {
      sizes.push(await lastValueFrom(sending(ours.network, raw.id, message)))
    }
    await until(() => expect(received).toHaveLength(300))
    expect(received).toEqual([...Array(300).keys()])
    expect(raw.streams).toHaveLength(1)
    expect(sizes).toEqual(messages.map((message) => messageBytes(message)))
  })

  it('writes at once when the stream is open, and says so at once', async () => {
    const ours = await startPeer()
    const raw = await startRaw()
    await connect(ours, raw)
    const sizes = record(sending(ours.network, raw.id, numbered(1)))
    expect(sizes).toEqual({ values: [4], completed: true, error: undefined })
  })

  it('is over once the peer has taken enough, not before', async () => {
    const ours = await startPeer()
    const raw = await startRaw((stream) => {
      stream.addEventListener('message', () => undefined)
      stream.pause()
    })
    await connect(ours, raw)
    const sizes = record(sending(ours.network, raw.id, withBlock(1, 2 ** 20)))
    const [stream] = streamsOf(ours.node, raw.node)
    await until(() => expect(raw.streams[0]?.readBufferLength).toBeGreaterThan(2 ** 17))
    expect(stream?.writeBufferLength).toBeGreaterThan(0)
    expect(sizes).toEqual({ values: [], completed: false, error: undefined })
    raw.streams[0]?.resume()
    await until(() => expect(sizes.completed).toBe(true))
    expect(stream?.writeBufferLength).toBe(0)
  })

  it.each(BITSWAP_PROTOCOLS)('speaks %s to a peer that knows no other', async (protocol) => {
    const ours = await startPeer()
    const messages: ReturnType<typeof readMessages>[] = []
    const raw = await startRaw((stream) => messages.push(readMessages(stream)), [protocol])
    const peers = record(ours.network.peer$)
    await connect(ours, raw)
    await lastValueFrom(sending(ours.network, raw.id, withBlock(5, 9, V0_CID)))
    await until(() => expect(messages[0]).toHaveLength(1))
    const [received] = messages[0] ?? []
    expect(received?.pendingBytes).toBe(carriesRawBlocks(protocol) ? 0 : 5)
    expect(received?.blocks.map(({ bytes }) => bytes)).toEqual([new Uint8Array(9)])
    const supportsHave = protocol === BITSWAP_PROTOCOLS[0]
    expect(peers.values).toMatchObject([{ type: 'peer-up', supportsHave }])
  })

  it('opens another stream after the peer reset the last', async () => {
    const ours = await startPeer()
    const raw = await startRaw()
    await connect(ours, raw)
    raw.streams[0]?.abort(new Error('test'))
    await until(() => expect(streamsOf(ours.node, raw.node).length).toBe(0))
    await lastValueFrom(sending(ours.network, raw.id, numbered(1)))
    await until(() => expect(raw.streams.length).toBe(2))
  })

  it('goes on when the peer ends its side of the stream', async () => {
    const ours = await startPeer()
    const raw = await startRaw()
    await connect(ours, raw)
    const messages = readMessages(raw.streams[0]!)
    await raw.streams[0]?.close()
    await until(() => expect(streamsOf(ours.node, raw.node)[0]?.remoteWriteStatus).toBe('closed'))
    await lastValueFrom(sending(ours.network, raw.id, numbered(1)))
    await until(() => expect(messages).toHaveLength(1))
    expect(raw.streams).toHaveLength(1)
  })

  it('takes the newest connection that it may use', async () => {
    const ours = await startPeer()
    const raw = await startRaw()
    const dial = () => ours.node.dial(raw.node.getMultiaddrs(), { force: true })
    const [first, second, third] = [await dial(), await dial(), await dial()]
    third.limits = { seconds: 1 }
    await lastValueFrom(sending(ours.network, raw.id, numbered(1)))
    const counts = [first, second, third].map(({ streams }) =>
      streams.filter(({ protocol }) => protocol === BITSWAP_PROTOCOLS[0]).length)
    expect(counts).toEqual([0, 1, 0])
  })

  it('takes an older connection when the newest is being closed', async () => {
    const ours = await startPeer()
    const raw = await startRaw((stream) => { stream.pause() })
    const dial = () => ours.node.dial(raw.node.getMultiaddrs(), { force: true })
    const [older, newest] = [await dial(), await dial()]
    // What is not written keeps it closing.
    const stuck = await newest.newStream(BITSWAP_PROTOCOLS[0])
    stuck.send(new Uint8Array(2 ** 20))
    const closing = newest.close().catch(() => undefined)
    expect(newest.status).toBe('open')
    await lastValueFrom(sending(ours.network, raw.id, numbered(1)))
    expect(older.streams.map(({ protocol }) => protocol)).toContain(BITSWAP_PROTOCOLS[0])
    stuck.abort(new Error('test'))
    await closing
  })

  it('shares the stream that a connect opens at the same time', async () => {
    const ours = await startPeer()
    const raw = await startRaw()
    await ours.node.dial(raw.node.getMultiaddrs())
    await Promise.all([
      lastValueFrom(ours.network.connect(raw.id)),
      lastValueFrom(sending(ours.network, raw.id, numbered(1))),
      lastValueFrom(ours.network.connect(raw.id)),
    ])
    expect(streamsOf(ours.node, raw.node)).toHaveLength(1)
  })

  it('opens no stream on a connection that closes in that moment', async () => {
    const ours = await startPeer(virtualClock())
    const raw = await startRaw()
    await ours.node.dial(raw.node.getMultiaddrs())
    const connection = connectionTo(ours.node, raw.id)
    // yamux widens the window of the stream, closed or not, once it knows the round trip time.
    const { muxer } = connection as unknown as { muxer: { getRTT(): number } }
    await until(() => expect(muxer.getRTT()).toBeGreaterThan(-1))
    const sent = record(sending(ours.network, raw.id, numbered(1)))
    connection.abort(new Error('left on purpose'))
    // What a microtask throws is reported by the end of its turn, and fails the run.
    await new Promise((resolve) => { setImmediate(resolve) })
    expect(sent).toEqual({ values: [], completed: false, error: undefined })
  })

  it('does not count as connected who left while the stream was opened', async () => {
    const ours = await startPeer()
    const raw = await startRaw()
    const connection = await ours.node.dial(raw.node.getMultiaddrs())
    tamper(connection, (stream) => {
      connection.abort(new Error('left on purpose'))
      return stream
    })
    const connected = record(ours.network.connect(raw.id))
    await until(() => expect(connected.error).toBeInstanceOf(DialError))
    expect(connected.values).toEqual([])
  })

  it('reads what a peer answers on our stream', async () => {
    const ours = await startPeer()
    const raw = await startRaw((stream) => { stream.send(encodeFrame(numbered(9))) })
    const messages = record(ours.network.message$)
    await connect(ours, raw)
    await until(() => expect(messages.values).toMatchObject([{ message: { pendingBytes: 9 } }]))
  })
})

describe('a failing send', () => {
  const failing = async () => {
    const clock = virtualClock()
    const ours = await startPeer(clock)
    const raw = await startRaw()
    const connection = await connect(ours, raw)
    const peers = record(ours.network.peer$)
    return { clock, ours, raw, connection, peers }
  }

  it('is tried again on a new stream 100 ms later', async () => {
    const { clock, ours, raw, connection, peers } = await failing()
    broken(streamsOf(ours.node, raw.node)[0]!)
    const count = tamper(connection, (stream, n) => n === 1 ? broken(stream) : stream)
    const sizes = record(sending(ours.network, raw.id, numbered(1)))
    clock.advance(RETRY_DELAY_MS - 1)
    expect(count.opened).toBe(0)
    clock.advance(1)
    await until(() => expect(clock.next).toBe(clock.now() + RETRY_DELAY_MS))
    clock.advance(RETRY_DELAY_MS)
    await until(() => expect(sizes).toEqual({ values: [4], completed: true, error: undefined }))
    expect(count.opened).toBe(2)
    expect(types(peers.values)).toEqual(['peer-up'])
    expect(clock.pending).toBe(0)
  })

  it('makes the peer unresponsive after the third attempt, until it says something', async () => {
    const { clock, ours, raw, connection, peers } = await failing()
    broken(streamsOf(ours.node, raw.node)[0]!)
    tamper(connection, broken)
    const sizes = record(sending(ours.network, raw.id, numbered(1)))
    for (let attempt = 0; attempt < 2; attempt++) {
      await until(() => expect(clock.next).toBe(clock.now() + RETRY_DELAY_MS))
      clock.advance(RETRY_DELAY_MS)
    }
    await until(() => expect(sizes.error).toBeInstanceOf(SendError))
    expect(sizes.error).toMatchObject({ attempts: 3, cause: { message: 'broken on purpose' } })
    expect(types(peers.values)).toEqual(['peer-up', 'peer-down'])
    expect(connection.status).toBe('open')
    const stream = await connectionTo(raw.node, ours.id).newStream(BITSWAP_PROTOCOLS[0])
    stream.send(encodeFrame(numbered(3)))
    await until(() => expect(types(peers.values)).toEqual(['peer-up', 'peer-down', 'peer-up']))
    expect(clock.pending).toBe(0)
  })

  it('tells of the loss before it tells what a paused peer had said', async () => {
    const { clock, ours, raw, connection } = await failing()
    const heard: string[] = []
    ours.network.peer$.subscribe(({ type }) => heard.push(type))
    ours.network.message$.subscribe(({ type }) => heard.push(type))
    ours.network.pauseReading(raw.id)
    const stream = await connectionTo(raw.node, ours.id).newStream(BITSWAP_PROTOCOLS[0])
    stream.send(encodeFrame(numbered(1)))
    await until(() => expect(streamsOf(ours.node, raw.node)[1]?.readBufferLength).toBe(5))
    broken(streamsOf(ours.node, raw.node)[0]!)
    tamper(connection, broken)
    const sizes = record(sending(ours.network, raw.id, numbered(1)))
    for (let attempt = 0; attempt < 2; attempt++) {
      await until(() => expect(clock.next).toBe(clock.now() + RETRY_DELAY_MS))
      clock.advance(RETRY_DELAY_MS)
    }
    await until(() => expect(sizes.error).toBeInstanceOf(SendError))
    expect(heard).toEqual(['peer-up', 'peer-down', 'peer-up', 'message'])
  })

  it.each([
    ['connects again', (ours: TestPeer, raw: RawPeer) =>
      raw.node.dial(ours.node.getMultiaddrs(), { force: true })],
    ['is connected to again', (ours: TestPeer, raw: RawPeer) =>
      lastValueFrom(ours.network.connect(raw.id))],
  ])('leaves the peer unresponsive until it %s', async (_, reconnect) => {
    const { ours, raw, peers } = await failing()
    await raw.node.unhandle([...BITSWAP_PROTOCOLS])
    raw.streams[0]?.abort(new Error('test'))
    await until(() => expect(streamsOf(ours.node, raw.node).length).toBe(0))
    sending(ours.network, raw.id, numbered(1)).subscribe({ error: () => undefined })
    await until(() => expect(types(peers.values)).toEqual(['peer-up', 'peer-down']))
    await raw.node.handle([...BITSWAP_PROTOCOLS], () => undefined)
    await reconnect(ours, raw)
    await until(() => expect(types(peers.values)).toEqual(['peer-up', 'peer-down', 'peer-up']))
  })

  it('is given up when the stream is stuck for as long as its size allows', async () => {
    const clock = virtualClock()
    const ours = await startPeer(clock)
    const raw = await startRaw((stream) => {
      stream.addEventListener('message', () => undefined)
      stream.pause()
    })
    await connect(ours, raw)
    const message = withBlock(0, 2 ** 20)
    const timeoutMs = deadlineMs(messageBytes(message))
    const sizes = record(sending(ours.network, raw.id, message))
    const isWriting = () => streamsOf(ours.node, raw.node).some(
      ({ status, writeBufferLength }) => status === 'open' && writeBufferLength > 0)
    for (let attempt = 1; attempt <= 3; attempt++) {
      await until(() => expect(raw.streams).toHaveLength(attempt))
      await until(() => expect(isWriting()).toBe(true))
      clock.advance(timeoutMs - 1)
      expect(sizes.error).toBeUndefined()
      expect(raw.streams).toHaveLength(attempt)
      clock.advance(1)
      clock.advance(RETRY_DELAY_MS)
    }
    expect(sizes.error).toBeInstanceOf(SendError)
    expect((sizes.error as SendError).cause).toBeInstanceOf(TimeoutError)
    const statuses = () => raw.streams.map(({ status }) => status)
    await until(() => expect(statuses()).toEqual(['reset', 'reset', 'reset']))
  })

  it('is not tried again when the peer does not speak Bitswap', async () => {
    const { clock, ours, raw, peers } = await failing()
    await raw.node.unhandle([...BITSWAP_PROTOCOLS])
    raw.streams[0]?.abort(new Error('test'))
    await until(() => expect(streamsOf(ours.node, raw.node).length).toBe(0))
    const sizes = record(sending(ours.network, raw.id, numbered(1)))
    await until(() => expect(sizes.error).toMatchObject({ attempts: 1 }))
    expect(types(peers.values)).toEqual(['peer-up', 'peer-down'])
    expect(clock.pending).toBe(0)
  })

  it('ends without a trace when it is unsubscribed', async () => {
    const { clock, ours, raw, connection } = await failing()
    broken(streamsOf(ours.node, raw.node)[0]!)
    sending(ours.network, raw.id, numbered(1)).subscribe().unsubscribe()
    expect(clock.pending).toBe(0)
    const { newStream } = connection
    const signals: (AbortSignal | undefined)[] = []
    const opening = new Subscription()
    connection.newStream = (protocols, options) => {
      signals.push(options?.signal)
      const opened = newStream(protocols, options)
      opening.unsubscribe()
      return opened
    }
    opening.add(sending(ours.network, raw.id, numbered(1)).subscribe())
    await until(() => expect(signals).toMatchObject([{ aborted: true }]))
    await until(() => expect(streamsOf(ours.node, raw.node).length).toBe(0))
    expect(clock.pending).toBe(0)
  })
})

describe('stopping', () => {
  it('ends what is under way and leaves nothing behind', async () => {
    const clock = virtualClock()
    const ours = await startPeer(clock)
    const raw = await startRaw((stream) => {
      stream.addEventListener('message', () => undefined)
      stream.pause()
    })
    const listeners: number[] = []
    ours.node.addEventListener('connection:open', ({ detail }) => {
      listeners.push(detail.listenerCount('close'))
    })
    const connection = await connect(ours, raw)
    await connectionTo(raw.node, ours.id).newStream(BITSWAP_PROTOCOLS[0])
    await until(() => expect(streamsOf(ours.node, raw.node)).toHaveLength(2))
    const { message$, peer$, fault$, connect: dial } = ours.network
    const streams = [
      message$, peer$, fault$, dial((await startNode()).getMultiaddrs()[0]!),
      sending(ours.network, raw.id, withBlock(0, 2 ** 21)),
    ].map((source$) => record<unknown>(source$))
    const stopping = ours.network.stop()
    expect(streams.map(({ completed }) => completed)).toEqual([true, true, true, true, true])
    clock.advance(LINGER_MS)
    await stopping
    expect(clock.pending).toBe(0)
    // One may still have been on its way to us.
    await until(() => expect(streamsOf(ours.node, raw.node).length).toBe(0))
    expect(connection.listenerCount('close')).toBe(listeners[0])
    expect(ours.node.getProtocols().filter((id) => id.includes('bitswap'))).toEqual([])
    expect(record(sending(ours.network, raw.id, numbered(1))).error)
      .toEqual(new SendError(raw.id, 0, new NotStartedError()))
    expect(record(dial(raw.id)).error).toBeInstanceOf(DialError)
  })

  it('lets the peer read what was sent last', async () => {
    const ours = await startPeer(virtualClock())
    const received: ReturnType<typeof readMessages>[] = []
    const raw = await startRaw((stream) => {
      received.push(readMessages(stream))
      stream.addEventListener('remoteCloseWrite', () => { void stream.close() })
    })
    await connect(ours, raw)
    sending(ours.network, raw.id, numbered(1)).subscribe()
    await ours.network.stop()
    expect(received[0]).toMatchObject([{ pendingBytes: 1 }])
    expect(raw.streams[0]?.status).toBe('closed')
  })
})
