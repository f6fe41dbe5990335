import { setTimeout as sleep } from 'node:timers/promises'
import type { JobNamed, Metrics, Progress } from '../job.ts'
import { fairnessOf, percentile } from '../statistics.ts'
import { numberedBlocks, numberOf } from './blocks.ts'
import type { NumberedBlock } from './blocks.ts'
import type { Attach, Contender } from './contender.ts'
import { connect, startNode } from './node.ts'
import type { Node } from './node.ts'
import { collectGarbage, measured } from './usage.ts'

/** What every contender can do at once. */
const WARM_UP_IN_FLIGHT = 256

/** For what the last blocks of the warm-up leave behind. */
const SETTLE_MS = 200

/** Clients fetch what holders have; all in this process, over real connections. */
export const fetchWorkload = (attach: Attach) =>
  async (job: JobNamed<'fetch'>, progress: Progress): Promise<Metrics> => {
    const warmUp = listsOf(job.warmUp, job)
    const lists = listsOf(job.blocks * job.times, job)
    const held = [...warmUp, ...lists].flat()
    const holders = await Promise.all(times(job.holders, () => startHolder(attach, held)))
    const clients = await Promise.all(times(job.clients, () => connect(attach, holders)))
    const latencies: number[] = []
    if (job.warmUp > 0) {
      // Nothing of its own: what is compiled for one object is thrown away for another.
      progress.of = job.warmUp * job.clients
      const inFlight = Math.min(job.inFlight, WARM_UP_IN_FLIGHT)
      for (const client of clients) {
        await fetchInTurn(client, warmUp, inFlight, latencies, progress)
      }
      // Or it would fall into the measurement, now and then, and take a quarter of it (D-028).
      collectGarbage()
      await sleep(SETTLE_MS)
    }
    const duplicatesBefore = duplicatesOf(clients)
    const total = job.blocks * job.times * job.clients
    progress.received = 0
    progress.of = total
    latencies.length = 0

    const { value, ...usage } = await measured(() => Promise.all(
      clients.map((client) => fetchInTurn(client, lists, job.inFlight, latencies, progress)),
    ))
    return {
      ...usage,
      blocksPerSecond: total / usage.seconds,
      megabytesPerSecond: total * job.blockBytes / usage.seconds / 1e6,
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      duplicates: (duplicatesOf(clients) - duplicatesBefore) / total,
      fairness: fairnessOf(value.map((seconds) => 1 / seconds)),
    }
  }

const duplicatesOf = (clients: readonly Contender[]): number =>
  clients.reduce((sum, client) => sum + client.duplicates(), 0)

const startHolder = async (attach: Attach, blocks: readonly NumberedBlock[]): Promise<Node> => {
  const node = await startNode()
  for (const { cid, bytes } of blocks) await node.blockstore.put(cid, bytes)
  await attach(node)
  return node
}

/** So many blocks, in lists that are fetched one after the other. */
const listsOf = (
  count: number,
  { blocks, blockBytes }: JobNamed<'fetch'>,
): readonly NumberedBlock[][] => {
  const lists = []
  for (let left = count; left > 0; left -= blocks) {
    lists.push(numberedBlocks(Math.min(left, blocks), blockBytes))
  }
  return lists
}

/** The seconds it took. */
const fetchInTurn = async (
  client: Contender,
  lists: readonly NumberedBlock[][],
  inFlight: number,
  latencies: number[],
  progress: Progress,
): Promise<number> => {
  const begun = performance.now()
  for (const blocks of lists) await fetchAll(client, blocks, inFlight, latencies, progress)
  return (performance.now() - begun) / 1000
}

const fetchAll = async (
  client: Contender,
  blocks: readonly NumberedBlock[],
  inFlight: number,
  latencies: number[],
  progress: Progress,
): Promise<void> => {
  const askedAt = new Float64Array(blocks.length)
  await client.fetch({
    cids: blocks.map(({ cid }) => cid),
    inFlight,
    asked: (index) => { askedAt[index] = performance.now() },
    arrived: (_cid, bytes) => {
      latencies.push(performance.now() - askedAt[numberOf(bytes)]!)
      progress.received += 1
    },
  })
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)
