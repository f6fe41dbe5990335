/** Nodes that were connected, and identified, before Bitswap was spoken on them. */
import { MemoryBlockstore } from 'blockstore-core'
import { expect, onTestFinished, test } from 'vitest'
import { createBitswap } from '../../src/adapters/libp2p-service.ts'
import type { Exchange } from '../../src/exchange.ts'
import { blockOf, startLibp2p } from './nodes.ts'

const notStarted = async () => {
  const libp2p = await startLibp2p()
  const blockstore = new MemoryBlockstore()
  const exchange = createBitswap({ libp2p, blockstore })
  onTestFinished(() => exchange.stop())
  return { libp2p, blockstore, exchange }
}

const startAll = (exchanges: readonly Exchange[]): Promise<unknown> =>
  Promise.all(exchanges.map((exchange) => exchange.start()))

test.each(['both', 'the holder', 'the one who wants'])('%s may start late', async (who) => {
  const [wanting, holder] = await Promise.all([notStarted(), notStarted()])
  const late = who === 'both'
    ? [wanting.exchange, holder.exchange]
    : [who === 'the holder' ? holder.exchange : wanting.exchange]
  const early = [wanting.exchange, holder.exchange].filter((exchange) => !late.includes(exchange))
  const { cid, bytes } = await blockOf('late')
  await holder.blockstore.put(cid, bytes)
  const identified = new Promise((resolve) => {
    wanting.libp2p.addEventListener('peer:identify', resolve)
  })
  await startAll(early)
  await wanting.libp2p.dial(holder.libp2p.getMultiaddrs())
  await identified
  await startAll(late)
  expect(await wanting.exchange.block(cid)).toEqual(bytes)
})
