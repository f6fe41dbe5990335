import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode } from '@ipld/dag-pb'
import { multiaddr } from '@multiformats/multiaddr'
import { importByteStream } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
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

/** Fetches it and writes each leaf at its place in a file as it arrives. */
export const fileWorkload = (attach: Attach) =>
  async ({ bytes }: JobNamed<'file'>, progress: Progress): Promise<Metrics> => {
    const { addresses, cid, sha256 } = await secondProcess({ job: 'serve-file', bytes })
    const client = await connectTo(attach, [addresses.map((address) => multiaddr(address))])
    progress.of = Math.ceil(bytes / CHUNK_BYTES)
    const folder = await mkdtemp(join(tmpdir(), 'bench-'))
    try {
      const path = join(folder, 'file')
      const file = await open(path, 'w')
      const usage = await measured(() => writeFile(client, CID.parse(cid!), file, progress))
      await file.close()
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
  file: FileHandle,
  progress: Progress,
): Promise<void> => {
  const leaves = await leavesUnder(client, [root])
  const offsets = new Map(leaves.map((leaf, index) => [leaf.toString(), index * CHUNK_BYTES]))
  let last: Promise<unknown> = Promise.resolve()
  await client.fetch({
    cids: leaves,
    inFlight: IN_FLIGHT,
    asked: () => { /* no latency is measured here */ },
    arrived: (cid, bytes) => {
      const at = offsets.get(cid.toString())
      last = last.then(() => file.write(bytes, 0, bytes.byteLength, at))
      progress.received += 1
    },
  })
  await last
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
