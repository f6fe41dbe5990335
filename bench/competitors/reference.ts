/**
 * What is under an exchange: one stream with real flow control, a round trip, the hash, and the
 * least that an exchange could be.
 */
import { createHash, randomFillSync } from 'node:crypto'
import type { Connection, Stream, StreamMessageEvent } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import type { Uint8ArrayList } from 'uint8arraylist'
import { competitor, say } from '../job.ts'
import type { JobNamed, Metrics, Progress } from '../job.ts'
import { percentile } from '../statistics.ts'
import { fetchWorkload } from '../workloads/fetch.ts'
import { startLibp2p } from '../workloads/node.ts'
import { secondProcess, untilParentEnds } from '../workloads/second-process.ts'
import { sketch } from '../workloads/sketch.ts'
import { collectGarbage, measured } from '../workloads/usage.ts'

const RAW = '/bench/raw/1.0.0'
const ECHO = '/bench/echo/1.0.0'
const CHUNK_BYTES = 256 * 1024

/**
 * Writes `bytes` as fast as the stream takes them: after a `false`, waits for the `drain` event.
 */
const pour = async (stream: Stream, bytes: number): Promise<void> => {
  const chunk = randomFillSync(new Uint8Array(CHUNK_BYTES))
  for (let left = bytes; left > 0; left -= CHUNK_BYTES) {
    if (!stream.send(chunk.subarray(0, Math.min(left, CHUNK_BYTES)))) await drained(stream)
  }
}

const drained = (stream: Stream): Promise<unknown> =>
  new Promise((resolve) => { stream.addEventListener('drain', resolve, { once: true }) })

/** Resolves when so many bytes have come. */
const arrival = (
  stream: Stream,
  bytes: number,
  seen?: (data: Uint8Array | Uint8ArrayList) => void,
): Promise<void> =>
  new Promise((resolve) => {
    let left = bytes
    const listen = ({ data }: StreamMessageEvent): void => {
      seen?.(data)
      left -= data.byteLength
      if (left > 0) return
      stream.removeEventListener('message', listen)
      resolve()
    }
    stream.addEventListener('message', listen)
  })

/** Hashes what arrives and keeps it, in blocks: what no exchange can do without. */
const keeper = () => {
  const blocks: Uint8Array[] = []
  let filled = CHUNK_BYTES
  return (part: Uint8Array): void => {
    for (let taken = 0; taken < part.byteLength;) {
      if (filled === CHUNK_BYTES) {
        blocks.push(new Uint8Array(CHUNK_BYTES))
        filled = 0
      }
      const block = blocks.at(-1)!
      const piece = part.subarray(taken, taken + CHUNK_BYTES - filled)
      block.set(piece, filled)
      filled += piece.byteLength
      taken += piece.byteLength
      if (filled === CHUNK_BYTES) createHash('sha256').update(block).digest()
    }
  }
}

const fetchBytes = async (
  stream: Stream,
  bytes: number,
  progress: Progress,
  keep?: (part: Uint8Array) => void,
): Promise<void> => {
  const all = arrival(stream, bytes, (data) => {
    progress.received += data.byteLength
    if (keep !== undefined) for (const part of partsOf(data)) keep(part)
  })
  stream.send(new TextEncoder().encode(String(bytes)))
  await all
}

const partsOf = (data: Uint8Array | Uint8ArrayList): Iterable<Uint8Array> =>
  data instanceof Uint8Array ? [data] : data

const startServer = async (): Promise<readonly string[]> => {
  const server = await startLibp2p()
  await server.handle(RAW, (stream) => {
    stream.addEventListener('message', ({ data }) => {
      void pour(stream, Number(new TextDecoder().decode(data.subarray())))
    })
  })
  await server.handle(ECHO, (stream) => {
    stream.addEventListener('message', ({ data }) => { stream.send(data) })
  })
  return server.getMultiaddrs().map(String)
}

const dial = async (addresses: readonly string[]): Promise<Connection> => {
  const client = await startLibp2p()
  return client.dial(addresses.map((address) => multiaddr(address)))
}

const serveRawStream = async (): Promise<Metrics> => {
  say({ type: 'serving', addresses: await startServer() })
  await untilParentEnds()
  return {}
}

const rawStream = async (
  { warmUp, bytes, processes, keep }: JobNamed<'raw-stream'>,
  progress: Progress,
): Promise<Metrics> => {
  const addresses = processes === 1
    ? await startServer()
    : (await secondProcess({ job: 'serve-raw-stream' })).addresses
  const stream = await (await dial(addresses)).newStream(RAW)
  progress.of = warmUp + bytes
  const kept = keep ? keeper() : undefined
  if (warmUp > 0) {
    await fetchBytes(stream, warmUp, progress, kept)
    collectGarbage()
  }
  const { seconds, cpuSeconds } = await measured(() => fetchBytes(stream, bytes, progress, kept))
  return { seconds, cpuSeconds, megabytesPerSecond: bytes / seconds / 1e6 }
}

const echo = async (
  { warmUp, rounds, bytes }: JobNamed<'echo'>,
  progress: Progress,
): Promise<Metrics> => {
  const stream = await (await dial(await startServer())).newStream(ECHO)
  const block = randomFillSync(new Uint8Array(bytes))
  progress.of = warmUp + rounds
  const latencies: number[] = []
  while (progress.received < progress.of) {
    if (progress.received === warmUp && warmUp > 0) collectGarbage()
    const begun = performance.now()
    const answer = arrival(stream, bytes)
    stream.send(block)
    await answer
    if (progress.received >= warmUp) latencies.push(performance.now() - begun)
    progress.received += 1
  }
  return { p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99) }
}

const sha256 = async ({ blocks, blockBytes }: JobNamed<'sha-256'>): Promise<Metrics> => {
  const block = randomFillSync(new Uint8Array(blockBytes))
  const { seconds } = await measured(async () => {
    for (let index = 0; index < blocks; index += 1) createHash('sha256').update(block).digest()
  })
  return { seconds, megabytesPerSecond: blocks * blockBytes / seconds / 1e6 }
}

await competitor({
  'raw-stream': rawStream,
  'serve-raw-stream': serveRawStream,
  echo,
  'sha-256': sha256,
  fetch: fetchWorkload(sketch),
})
