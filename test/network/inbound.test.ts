import { yamux } from '@chainsafe/libp2p-yamux'
import type { Libp2p, Stream } from '@libp2p/interface'
import { firstValueFrom } from 'rxjs'
import { Uint8ArrayList } from 'uint8arraylist'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/adapters/system-clock.ts'
import { encodeFrame } from '../../src/message/encode.ts'
import { BITSWAP_PROTOCOLS } from '../../src/message/protocols.ts'
import { MIN_BYTES_PER_SECOND } from '../../src/network/deadline.ts'
import { libp2pNetwork } from '../../src/network/libp2p-network.ts'
import { MAX_UNFINISHED_BYTES } from '../../src/network/inbound.ts'
import { MESSAGE_TIMEOUT_MS } from '../../src/network/stream-reader.ts'
import type { PeerFault, Received } from '../../src/ports.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'
import {
  connectionTo, numbered, record, startNode, startPeer, streamsOf, until, withBlock, write,
} from './nodes.ts'
import type { Recording, TestPeer } from './nodes.ts'

/** Until ours knows the peer: before, libp2p resets a connection on which many streams come. */
const dial = async (raw: Libp2p, ours: TestPeer): Promise<void> => {
  const up = firstValueFrom(ours.network.peer$)
  await raw.handle(BITSWAP_PROTOCOLS[0], () => undefined, { maxOutboundStreams: 1_000 })
  await raw.dial(ours.node.getMultiaddrs())
  await up
}

const openStream = (
  raw: Libp2p,
  ours: TestPeer,
  protocol: string = BITSWAP_PROTOCOLS[0],
): Promise<Stream> => connectionTo(raw, ours.id).newStream(protocol)

const numbersOf = ({ values }: Recording<Received>): number[] =>
  values.map(({ message }) => message.pendingBytes)

const namesOf = ({ values }: Recording<PeerFault>): string[] =>
  values.map(({ error }) => error.name)

const upTo = (count: number): number[] => [...Array(count).keys()]

/** Counts what arrives on the one inbound stream from now on, once it is being read. */
const receivedBytes = async (ours: Libp2p, raw: Libp2p): Promise<() => number> => {
  let total = 0
  await until(() => expect(streamsOf(ours, raw)[0]?.listenerCount('message')).toBe(1))
  streamsOf(ours, raw)[0]?.addEventListener('message', ({ data }) => { total += data.byteLength })
  return () => total
}

const closed = (stream: Stream): Promise<Error | undefined> => new Promise((resolve) => {
  stream.addEventListener('close', ({ error }) => resolve(error), { once: true })
})

const pair = async (clock?: Parameters<typeof startPeer>[0]) => {
  const ours = await startPeer(clock)
  const raw = await startNode()
  await dial(raw, ours)
  return { ours, raw, message$: record(ours.network.message$), fault$: record(ours.network.fault$) }
}

describe('what peers send', () => {
  it('is read from a stream per message, 500 at once, and every stream is freed', async () => {
    const { ours, raw, message$ } = await pair()
    await Promise.all(upTo(500).map(async (n) => {
      const stream = await openStream(raw, ours)
      stream.send(encodeFrame(numbered(n)))
      await stream.close()
    }))
    await until(() => expect(message$.values).toHaveLength(500))
    expect(numbersOf(message$).sort((a, b) => a - b)).toEqual(upTo(500))
    await until(() => expect(streamsOf(ours.node, raw).length).toBe(0))
    await until(() => expect(streamsOf(raw, ours.node).length).toBe(0))
  })

  it('is read from the first stream as long as it is open, in order, in any chunks', async () => {
    const { ours, raw, message$ } = await pair()
    const first = await openStream(raw, ours)
    const second = await openStream(raw, ours)
    await second.close()
    const all = new Uint8ArrayList()
    for (const n of upTo(1_000)) all.append(encodeFrame(numbered(n)))
    const bytes = all.subarray()
    for (let at = 0; at < bytes.byteLength; at += 7) await write(first, bytes.slice(at, at + 7))
    await until(() => expect(message$.values).toHaveLength(1_000))
    expect(numbersOf(message$)).toEqual(upTo(1_000))
    expect(first.status).toBe('open')
  })

  it.each(BITSWAP_PROTOCOLS)('is read on %s', async (protocol) => {
    const { ours, raw, message$ } = await pair()
    const stream = await openStream(raw, ours, protocol)
    stream.send(encodeFrame({
      ...numbered(0),
      wantlist: { entries: [], full: true },
    }, protocol))
    await until(() => expect(message$.values).toHaveLength(1))
    expect(message$.values[0]?.message.wantlist.full).toBe(true)
    expect(message$.values[0]?.byteLength).toBe(4)
    expect(message$.values[0]?.peer.equals(raw.peerId)).toBe(true)
  })

  it.each([
    ['is no message', Uint8Array.of(3, 0xff, 0xff, 0xff)],
    ['announces more than 4 MiB', Uint8Array.of(0x81, 0x80, 0x80, 0x02)],
  ])('resets its own stream only, when a frame %s', async (_, bytes) => {
    const { ours, raw, message$, fault$ } = await pair()
    const good = await openStream(raw, ours)
    const bad = await openStream(raw, ours)
    const reset = closed(bad)
    bad.send(encodeFrame(numbered(1)))
    bad.send(bytes)
    expect((await reset)?.name).toBe('StreamResetError')
    good.send(encodeFrame(numbered(2)))
    await until(() => expect(numbersOf(message$)).toEqual([1, 2]))
    expect(namesOf(fault$)).toEqual(['InvalidMessageError'])
    expect(good.status).toBe('open')
    expect(fault$.values[0]?.peer.equals(raw.peerId)).toBe(true)
  })

  it('may be begun on many streams, but not for more than 64 MiB in all', async () => {
    const { ours, raw, message$, fault$ } = await pair()
    const bytes = encodeFrame(withBlock(1, 4_000_000)).subarray()
    const streams: Stream[] = []
    while ((streams.length + 1) * bytes.byteLength < MAX_UNFINISHED_BYTES) {
      const stream = await openStream(raw, ours)
      await write(stream, bytes.subarray(0, -1))
      streams.push(stream)
    }
    const last = await openStream(raw, ours)
    last.send(bytes.subarray(0, -1))
    await until(() => expect(namesOf(fault$)).toEqual(['InvalidMessageError']))
    for (const stream of streams) stream.send(bytes.subarray(-1))
    await until(() => expect(message$.values).toHaveLength(streams.length))
    expect(fault$.values).toHaveLength(1)
  })

  it('is a fault when it ends in the middle of a message', async () => {
    const { ours, raw, fault$ } = await pair()
    const stream = await openStream(raw, ours)
    const reset = closed(stream)
    stream.send(encodeFrame(numbered(1_000)).subarray().subarray(0, 3))
    await stream.close()
    await reset
    expect(namesOf(fault$)).toEqual(['InvalidMessageError'])
  })

  it('is no fault when a stream or the connection breaks', async () => {
    const { ours, raw, message$, fault$ } = await pair()
    const stream = await openStream(raw, ours)
    stream.send(encodeFrame(numbered(1)))
    await until(() => expect(message$.values).toHaveLength(1))
    stream.abort(new Error('test'))
    const other = await openStream(raw, ours)
    other.send(encodeFrame(numbered(2)))
    await until(() => expect(message$.values).toHaveLength(2))
    await raw.hangUp(ours.id)
    await until(() => expect(ours.node.getConnections()).toEqual([]))
    expect(fault$.values).toEqual([])
  })

  it('must be whole 30 s after it began, however often a byte comes', async () => {
    const clock = virtualClock()
    const { ours, raw, message$, fault$ } = await pair(clock)
    const stream = await openStream(raw, ours)
    const reset = closed(stream)
    const received = await receivedBytes(ours.node, raw)
    const bytes = encodeFrame(numbered(2 ** 30)).subarray()
    stream.send(bytes)
    stream.send(bytes.slice(0, 1))
    await until(() => expect(received()).toBe(bytes.byteLength + 1))
    clock.advance(MESSAGE_TIMEOUT_MS / 2)
    stream.send(bytes.slice(1, 2))
    await until(() => expect(received()).toBe(bytes.byteLength + 2))
    clock.advance(MESSAGE_TIMEOUT_MS / 2 - 1)
    expect(fault$.values).toEqual([])
    clock.advance(2)
    await reset
    expect(message$.values).toHaveLength(1)
    expect(namesOf(fault$)).toEqual(['TimeoutError'])
    expect(clock.pending).toBe(0)
  })

  it('may come as slowly as we would send it', async () => {
    const clock = virtualClock()
    const { ours, raw, message$, fault$ } = await pair(clock)
    const stream = await openStream(raw, ours)
    const bytes = encodeFrame(withBlock(1, 2 ** 20)).subarray()
    const received = await receivedBytes(ours.node, raw)
    for (let at = 0; at < bytes.byteLength; at += 2 ** 18) {
      const part = bytes.slice(at, at + 2 ** 18)
      await write(stream, part)
      await until(() => expect(received()).toBe(at + part.byteLength))
      clock.advance(1_000 * part.byteLength / MIN_BYTES_PER_SECOND)
    }
    expect(message$.values).toHaveLength(1)
    expect(clock.now()).toBeGreaterThan(2 * MESSAGE_TIMEOUT_MS)
    expect(fault$.values).toEqual([])
  })

  it('may take its time between messages', async () => {
    const clock = virtualClock()
    const { ours, raw, message$, fault$ } = await pair(clock)
    const stream = await openStream(raw, ours)
    for (const n of upTo(3)) {
      for (const part of [0, 3]) {
        const bytes = encodeFrame(numbered(1_000 + n)).subarray()
        stream.send(bytes.slice(part, part === 0 ? 3 : undefined))
      }
      await until(() => expect(message$.values).toHaveLength(n + 1))
      clock.advance(MESSAGE_TIMEOUT_MS)
    }
    expect(fault$.values).toEqual([])
  })
})

describe('a stream', () => {
  it('that ended before it was handed over is let go', async () => {
    const node = await startNode()
    const ended: Stream[] = []
    const network = libp2pNetwork({
      handle: (protocol, handler, options) => node.handle(protocol, (stream, connection) => {
        ended.push(stream)
        stream.abort(new Error('test'))
        return handler(stream, connection)
      }, options),
      unhandle: (protocol) => node.unhandle(protocol),
      getConnections: (peer) => node.getConnections(peer),
      dial: (peer, options) => node.dial(peer, options),
      addEventListener: (type, listener) => node.addEventListener(type, listener),
      removeEventListener: (type, listener) => node.removeEventListener(type, listener),
    }, { clock: systemClock })
    await network.start()
    const raw = await startNode()
    const connection = await raw.dial(node.getMultiaddrs())
    await connection.newStream(BITSWAP_PROTOCOLS[0])
    await until(() => expect(ended[0]?.listenerCount('message')).toBe(0))
    await network.stop()
  })
})

describe('reading', () => {
  const WINDOW = 8 * 1024 * 1024
  const wide = (windowBytes = WINDOW) => yamux({
    streamOptions: { initialStreamWindowSize: windowBytes, maxStreamWindowSize: windowBytes },
  })

  it('pauses for any number of bytes, on streams old and new, and loses none', async () => {
    const ours = await startPeer(undefined, wide())
    const raw = await startNode(wide())
    await dial(raw, ours)
    const message$ = record(ours.network.message$)
    const fault$ = record(ours.network.fault$)
    const pausing = ours.network.message$.subscribe(({ peer }) => ours.network.pauseReading(peer))
    const flood = async (numbers: number[]) => {
      const stream = await openStream(raw, ours)
      for (const n of numbers) await write(stream, encodeFrame(withBlock(n, 256 * 1024)))
      await stream.close()
    }
    const sent = Promise.all([flood(upTo(80)), flood(upTo(80))])
    await until(() => expect(streamsOf(ours.node, raw)
      .map(({ readBufferLength }) => readBufferLength > WINDOW * 0.9)).toEqual([true, true]))
    expect(message$.values.length).toBeLessThan(4)
    const late = await openStream(raw, ours)
    late.send(encodeFrame(numbered(7)))
    await until(() => expect(streamsOf(ours.node, raw)[2]?.readBufferLength).toBeGreaterThan(0))
    expect(message$.values.length).toBeLessThan(4)
    pausing.unsubscribe()
    ours.network.resumeReading(raw.peerId)
    await sent
    await until(() => expect(message$.values).toHaveLength(161))
    expect(fault$.values).toEqual([])
  }, 30_000)

  it('takes little more than it is asked for, when it is paused at every message', async () => {
    const [window, block] = [2 ** 20, 2 ** 17]
    const ours = await startPeer(undefined, wide(window))
    const raw = await startNode(wide(window))
    await dial(raw, ours)
    const message$ = record(ours.network.message$)
    ours.network.message$.subscribe(({ peer }) => ours.network.pauseReading(peer))
    const stream = await openStream(raw, ours)
    let sent = 0
    const flood = (async () => {
      while (sent < 100) {
        await write(stream, encodeFrame(withBlock(sent, block)))
        sent++
      }
      await stream.close()
    })()
    for (let taken = 1; taken <= 100; taken++) {
      await until(() => expect(message$.values.length).toBeGreaterThanOrEqual(taken))
      expect((sent - message$.values.length) * block).toBeLessThan(3 * window)
      ours.network.resumeReading(raw.peerId)
    }
    await flood
    expect(numbersOf(message$)).toEqual(upTo(100))
  })

  it('can be paused and resumed within the receipt of a message', async () => {
    const { ours, raw, message$ } = await pair()
    ours.network.message$.subscribe(({ peer }) => {
      ours.network.pauseReading(peer)
      ours.network.resumeReading(peer)
    })
    const stream = await openStream(raw, ours)
    for (const n of upTo(500)) await write(stream, encodeFrame(numbered(n)))
    await stream.close()
    await until(() => expect(message$.values).toHaveLength(500))
    expect(numbersOf(message$)).toEqual(upTo(500))
  })

  it('starts afresh with a peer that comes back', async () => {
    const { ours, raw, message$ } = await pair()
    ours.network.pauseReading(raw.peerId)
    await raw.hangUp(ours.id)
    await until(() => expect(ours.node.getConnections()).toEqual([]))
    await raw.dial(ours.node.getMultiaddrs())
    const stream = await openStream(raw, ours)
    stream.send(encodeFrame(numbered(0)))
    await until(() => expect(message$.values).toHaveLength(1))
  })

  it('hands out what was read before the peer closed a paused stream', async () => {
    const { ours, raw, message$ } = await pair()
    const stream = await openStream(raw, ours)
    stream.send(encodeFrame(numbered(0)))
    await until(() => expect(message$.values).toHaveLength(1))
    ours.network.pauseReading(raw.peerId)
    stream.send(encodeFrame(numbered(1)))
    await stream.close()
    const [atOurs] = streamsOf(ours.node, raw)
    await until(() => expect(atOurs?.remoteWriteStatus).toBe('closed'))
    expect(message$.values).toHaveLength(1)
    ours.network.resumeReading(raw.peerId)
    await until(() => expect(numbersOf(message$)).toEqual([0, 1]))
    await until(() => expect(streamsOf(raw, ours.node).length).toBe(0))
  })
})
