import type { PeerId } from '@libp2p/interface'
import { createExchange } from '../../src/create-exchange.ts'
import type { BitswapEvent } from '../../src/events.ts'
import type { Exchange } from '../../src/exchange.ts'
import type { Block, WantlistEntry } from '../../src/message/message.ts'
import type { BitswapOptions } from '../../src/options.ts'
import type { Providers } from '../../src/ports.ts'
import { type MemoryBlocks, memoryBlocks, type MemoryBlocksOptions } from '../../src/testing/memory-blocks.ts'
import type { LinkOptions } from '../../src/testing/simulated-pipe.ts'
import { simulatedBlock, simulatedHashers } from '../../src/testing/simulated-block.ts'
import { simulatedPeerId } from '../../src/testing/simulated-peer-id.ts'
import { type SwarmNetwork, swarmNetwork } from '../../src/testing/swarm-network.ts'
import { type VirtualClock, virtualClock } from '../../src/testing/virtual-clock.ts'

export interface Node {
  readonly peer: PeerId
  readonly exchange: Exchange
  readonly store: MemoryBlocks
  readonly events: BitswapEvent[]
}

export interface Swarm {
  readonly clock: VirtualClock
  readonly network: SwarmNetwork
  /** Every message, as `20 A>me w.x'`: when it left, and `'` where a DONT_HAVE is asked for. */
  readonly wire: string[]
  node(
    name: string,
    options?: BitswapOptions,
    store?: MemoryBlocksOptions,
    providers?: Providers,
  ): Node
  link(a: Node, b: Node, link?: Partial<LinkOptions>): void
}

const VERBS = { 'want-block': 'w', 'want-have': 'h', cancel: 'c' } as const

export const swarm = (
  link: Partial<LinkOptions> = { latencyMs: 10 },
  cids: Record<string, Block> = {},
): Swarm => {
  const clock = virtualClock()
  const network = swarmNetwork({ clock, link })
  const names = new Map<string, string>()
  const wire: string[] = []
  const aliasOf = (cid: Block['cid']): string =>
    Object.entries(cids).find(([, block]) => block.cid.equals(cid))?.[0] ?? cid.toString().slice(-4)
  const entry = (e: WantlistEntry): string =>
    `${VERBS[e.type]}.${aliasOf(e.cid)}${e.type !== 'cancel' && e.sendDontHave ? '\'' : ''}`
  network.transmission$.subscribe(({ from, to, message }) => {
    const parts = [
      ...message.wantlist.entries.map(entry),
      ...message.blocks.map(({ cid }) => `B.${aliasOf(cid)}`),
      ...message.presences.map(({ type, cid }) => `${type === 'have' ? 'H' : 'D'}.${aliasOf(cid)}`),
    ]
    const way = `${names.get(from.toString())}>${names.get(to.toString())}`
    wire.push(`${clock.now()} ${way} ${parts.join(' ')}`)
  })
  return {
    clock,
    network,
    wire,
    node: (name, options, store, providers) => {
      const peer = simulatedPeerId(name)
      names.set(peer.toString(), name)
      const lookup = memoryBlocks({ clock, ...store })
      const exchange = createExchange({
        network: network.join(peer), lookup, hashers: simulatedHashers, clock, random: () => 0,
        ...(providers !== undefined && { providers }),
      }, options)
      const events: BitswapEvent[] = []
      exchange.event$.subscribe((event) => events.push(event))
      void exchange.start()
      return { peer, exchange, store: lookup, events }
    },
    link: (a, b, options) => {
      network.link(a.peer, b.peer, options)
    },
  }
}

export const blocks = <N extends string>(...names: N[]): Record<N, Block> =>
  Object.fromEntries(names.map((name) => [name, simulatedBlock(name, 2_000)])) as Record<N, Block>

/** What an Observable did, as text: `next …`, `error …`, `complete`. */
export const log = <T>(say: (value: T) => string) => {
  const lines: string[] = []
  return {
    lines,
    observer: {
      next: (value: T) => { lines.push(say(value)) },
      error: (error: Error) => { lines.push(`error ${error.name}`) },
      complete: () => { lines.push('complete') },
    },
  }
}
