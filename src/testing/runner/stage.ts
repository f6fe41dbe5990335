import type { Ports } from '../../bitswap.ts'
import { createExchange } from '../../create-exchange.ts'
import type { Exchange } from '../../exchange.ts'
import type { BitswapOptions } from '../../options.ts'
import type { MarbleDocument } from '../marble/document.ts'
import { memoryBlocks } from '../memory-blocks.ts'
import type { MemoryBlocks } from '../memory-blocks.ts'
import { Subscription } from 'rxjs'
import { scriptedNetwork } from '../scripted-network.ts'
import type { NetworkAction, ScriptedNetwork } from '../scripted-network.ts'
import { simulatedHashers } from '../simulated-block.ts'
import { targetKey } from '../simulated-network.ts'
import { virtualClock } from '../virtual-clock.ts'
import type { VirtualClock } from '../virtual-clock.ts'
import { castOf } from './cast.ts'
import type { Cast } from './cast.ts'
import { itemOf } from './message-items.ts'
import { runLog } from './run-log.ts'
import type { RunLog } from './run-log.ts'
import { storeFaults } from './store-faults.ts'
import type { StoreFaults } from './store-faults.ts'

/** A node and the world around it, all of it played. */
export interface Stage {
  readonly document: MarbleDocument
  readonly clock: VirtualClock
  readonly cast: Cast
  readonly network: ScriptedNetwork
  readonly store: MemoryBlocks
  readonly faults: StoreFaults
  readonly exchange: Exchange
  readonly log: RunLog
  /** Ends with the run. */
  readonly watching: Subscription
  /** What the application subscribed to. */
  readonly audience: Subscription
}

/** Makes the node that is played: `createExchange`, or one of an application that wraps it. */
export type ExchangeFactory = (ports: Ports, options: BitswapOptions) => Exchange

/** The node is running, and the peers that are connected from the start are. */
export const setStage = (
  document: MarbleDocument,
  newExchange: ExchangeFactory = createExchange,
): Stage => {
  const clock = virtualClock()
  const cast = castOf(document)
  const log = runLog(clock, document.tickMs)
  const network = scriptedNetwork({ clock })
  const faults = storeFaults()
  const store = memoryBlocks({
    clock,
    blocks: document.cids.filter(({ stored }) => stored).map(({ name }) => cast.block(name)),
    delayMs: (operation) => faults.delayMs(operation),
    fail: (operation, cid) => faults.failure(operation, cast.nameOfCid(cid)),
    onCall: (operation, cid) => {
      log.done({ kind: 'calls' }, { type: 'call', operation, cid: cast.nameOfCid(cid) })
    },
  })
  // No chance: of equals, the first is taken, peers in the order in which they connected.
  const ports = { network, lookup: store, hashers: simulatedHashers, clock, random: () => 0 }
  const exchange = newExchange(ports, optionsOf(document))
  const watching = network.action$.subscribe((action) => { logAction(cast, log, action) })
  void exchange.start()
  for (const { name, version, connected } of document.peers) {
    if (connected) network.up(cast.peer(name), version === '1.2')
  }
  const audience = new Subscription()
  return { document, clock, cast, network, store, faults, exchange, log, watching, audience }
}

const logAction = (cast: Cast, log: RunLog, action: NetworkAction): void => {
  if (action.type === 'write') {
    const lane = { kind: 'out', peer: cast.nameOfPeer(action.peer) } as const
    log.done(lane, itemOf(cast.nameOfCid, action.message))
    return
  }
  const peer = action.type === 'dial' ? targetKey(action.target) : action.peer
  log.done({ kind: 'link', peer: cast.nameOfPeer(peer) }, { type: action.type })
}

const optionsOf = ({ core, options }: MarbleDocument): BitswapOptions => {
  const half = (wanted: 'client' | 'server'): object | false => {
    if (core !== 'exchange' && core !== wanted) return false
    const settings = options.filter(({ room }) => room === wanted)
    return Object.fromEntries(settings.map(({ name, value }) => [name, value]))
  }
  return { client: half('client'), server: half('server') }
}
