import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { decode } from '@ipld/dag-pb'
import { multiaddr } from '@multiformats/multiaddr'
import { CID } from 'multiformats/cid'
import { say } from '../job.ts'
import type { JobNamed, Metrics, Progress } from '../job.ts'
import { randomChunks } from './blocks.ts'
import type { Attach, Contender } from './contender.ts'
import { connectTo, startNode } from './node.ts'
import { secondProcess, untilParentEnds } from './second-process.ts'
import { measured } from './usage.ts'

const CHUNK_BYTES = 256 * 1024
const IN_FLIGHT = 32

/** The other process: has the file, as UnixFS with leaves of 256 KiB. */
export const serveFileWorkload = (attach: Attach) =>
  async ({ bytes }: JobNamed<'serve-file'>): Promise<Metrics> => {
    // Here alone: whatever a process has loaded is marked with every collection.
    const { importByteStream } = await import('ipfs-unixfs-importer')
    const { fixedSize } = await import('ipfs-unixfs-importer/chunker')
    const node = await startNode()
    const hash = createHash('sha256')
    const source = randomChunks(bytes, (chunk) => hash.update(chunk))
    const { cid } = await importByteStream(source, node.blockstore, {
      chunker: fixedSize({ chunkSize: CHUNK_BYTES }),
      rawLeaves: true,
    })
    await attach(node)
    say({
      type: 'serving',
      addresses: node.libp2p.getMultiaddrs().map(String),
      cid: cid.toString(),
      sha256: hash.digest('hex'),
    })
    await untilParentEnds()
    return {}
  }

/** Fetches it and writes the leaves to a file, in their order, as they arrive. */
export const fileWorkload = (attach: Attach) =>
  async ({ bytes }: JobNamed<'file'>, progress: Progress): Promise<Metrics> => {
    const { addresses, cid, sha256 } = await secondProcess({ job: 'serve-file', bytes })
    const client = await connectTo(attach, [addresses.map((address) => multiaddr(address))])
    progress.of = Math.ceil(bytes / CHUNK_BYTES)
    const folder = await mkdtemp(join(tmpdir(), 'bench-'))
    try {
      const path = join(folder, 'file')
      const file = createWriteStream(path)
      const usage = await measured(() => writeFile(client, CID.parse(cid!), file, progress))
      if (await sha256Of(path) !== sha256) throw new Error('the file differs from the one served')
      return {
        seconds: usage.seconds,
        cpuSeconds: usage.cpuSeconds,
        baseRssMb: usage.baseRssMb,
        peakRssMb: usage.peakRssMb,
        megabytesPerSecond: bytes / usage.seconds / 1e6,
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  }

const writeFile = async (
  client: Contender,
  root: CID,
  file: Writable,
  progress: Progress,
): Promise<void> => {
  const leaves = await leavesUnder(client, [root])
  const indexes = new Map(leaves.map((leaf, index) => [leaf.toString(), index]))
  const early = new Map<number, Uint8Array>()
  let next = 0
  await client.fetch({
    cids: leaves,
    inFlight: IN_FLIGHT,
    asked: () => { /* no latency is measured here */ },
    arrived: (cid, bytes) => {
      early.set(indexes.get(cid.toString())!, bytes)
      for (; early.has(next); next += 1) {
        file.write(early.get(next))
        early.delete(next)
      }
      progress.received += 1
    },
  })
  file.end()
  await finished(file)
}

/** The importer makes a balanced tree: all nodes of a level are of one kind. */
const leavesUnder = async (client: Contender, level: readonly CID[]): Promise<readonly CID[]> => {
  if (level[0]?.code !== 0x70) return level
  const links = new Map<string, CID[]>()
  await client.fetch({
    cids: level,
    inFlight: IN_FLIGHT,
    asked: () => { /* no latency is measured here */ },
    arrived: (cid, bytes) => {
      links.set(cid.toString(), decode(bytes).Links.map(({ Hash }) => Hash))
    },
  })
  return leavesUnder(client, level.flatMap((cid) => links.get(cid.toString()) ?? []))
}

const sha256Of = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}
