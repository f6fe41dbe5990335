import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import { Subject } from 'rxjs'
import type { Delta } from '../../src/message/delta.ts'
import { multihashKey, peerKey } from '../../src/message/keys.ts'
import type { PeerKey } from '../../src/message/keys.ts'
import type { Block, WantEntry, WantlistEntry } from '../../src/message/message.ts'
import { SERVER_DEFAULTS } from '../../src/options.ts'
import type { ServerOptions } from '../../src/options.ts'
import type { LedgerView, ServerInput } from '../../src/server/contract.ts'
import { decisionEngine } from '../../src/server/decision-engine.ts'
import { memoryBlocks } from '../../src/testing/memory-blocks.ts'
import type { MemoryBlocksOptions } from '../../src/testing/memory-blocks.ts'
import { simulatedBlock } from '../../src/testing/simulated-block.ts'
import { simulatedPeerId } from '../../src/testing/simulated-peer-id.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'

export const alice = simulatedPeerId('alice')
export const bob = simulatedPeerId('bob')

export interface ServingOptions extends Omit<MemoryBlocksOptions, 'clock'> {
  readonly options?: Partial<ServerOptions>
}

/** A decision engine with its store and clock; Alice and Bob are up. Deltas wait to be `sent`. */
export const serving = ({ options, ...storeOptions }: ServingOptions = {}) => {
  const clock = virtualClock()
  const store = memoryBlocks({ ...storeOptions, clock })
  const input$ = new Subject<ServerInput>()
  const errors: string[] = []
  const ledgers = new Map<PeerKey, LedgerView>()
  let deltas: Delta[] = []
  let ledgerOutputs = 0
  let ended: unknown
  const subscription = decisionEngine({
    lookup: store,
    clock,
    options: { ...SERVER_DEFAULTS, ...options },
  })(input$).subscribe({
    next: (output) => {
      if (output.type === 'delta') deltas.push(output)
      else if (output.type === 'store-failed') errors.push(output.error.message)
      else {
        ledgerOutputs += 1
        ledgers.set(peerKey(output.ledger.peer), output.ledger)
      }
    },
    error: (error: unknown) => { ended = error },
    complete: () => { ended = 'complete' },
  })
  const hear = (input: ServerInput): void => { input$.next(input) }
  const up = (peer: PeerId): void => hear({ type: 'peer-up', peer, supportsHave: true })
  up(alice)
  up(bob)

  const receive = (peer: PeerId, entries: readonly WantlistEntry[], full = false): void => hear({
    type: 'message',
    peer,
    message: { wantlist: { entries, full }, blocks: [], presences: [], pendingBytes: 0 },
    byteLength: 0,
  })

  const outcome = (type: 'sent' | 'send-failed') => (delta: Delta): void => {
    const { peer, blocks = [], presences = [] } = delta
    const message = { wantlist: { entries: [], full: false }, blocks, presences, pendingBytes: 0 }
    if (type === 'sent') hear({ type, peer, message, byteLength: 0 })
    else hear({ type, peer, message, error: new Error('stream reset') })
  }

  /** The deltas since the last call. */
  const takeDeltas = (): Delta[] => {
    const taken = deltas
    deltas = []
    return taken
  }

  return {
    clock,
    store,
    subscription,
    input$,
    hear,
    receive,
    want: (peer: PeerId, ...blocks: readonly Block[]): void =>
      receive(peer, blocks.map(({ cid }) => wantBlock(cid))),
    cancel: (peer: PeerId, ...blocks: readonly Block[]): void =>
      receive(peer, blocks.map(({ cid }) => ({ type: 'cancel', cid }))),
    up,
    down: (peer: PeerId): void => hear({ type: 'peer-down', peer }),
    received: (peer: PeerId, { cid, bytes: { byteLength } }: Block): void =>
      hear({
        type: 'blocks-received', blocks: [{ from: peer, key: multihashKey(cid), byteLength }],
      }),
    sent: outcome('sent'),
    sendFailed: outcome('send-failed'),
    takeDeltas,
    /** Sends whatever is said until there is no more. Returns all that was sent. */
    sendAll: (): Delta[] => {
      const all: Delta[] = []
      for (let taken = takeDeltas(); taken.length > 0; taken = takeDeltas()) {
        all.push(...taken)
        taken.forEach(outcome('sent'))
      }
      return all
    },
    ledger: (peer: PeerId): LedgerView | undefined => ledgers.get(peerKey(peer)),
    wants: (peer: PeerId): readonly WantEntry[] =>
      [...ledgers.get(peerKey(peer))?.wants.values() ?? []],
    get ledgerOutputs () { return ledgerOutputs },
    get ended () { return ended },
    errors,
  }
}

export const block = simulatedBlock

/** `count` blocks of `byteLength` bytes whose names begin with `prefix`. */
export const manyBlocks = (count: number, prefix = 'block', byteLength = 100): Block[] =>
  Array.from({ length: count }, (_, index) => block(`${prefix} ${index}`, byteLength))

export const wantBlock = (cid: CID, over: Partial<WantEntry> = {}): WantEntry =>
  ({ type: 'want-block', cid, priority: 1, sendDontHave: false, ...over })

export const wantHave = (cid: CID, over: Partial<WantEntry> = {}): WantEntry =>
  ({ type: 'want-have', cid, priority: 1, sendDontHave: false, ...over })

/** What deltas say of `known` blocks, which are called a, b, c ...: `block a`, `have b`. */
export const words = (deltas: readonly Delta[], ...known: readonly Block[]): string[] => {
  const keys = known.map(({ cid }) => multihashKey(cid))
  const name = (cid: CID): string => 'abcdefgh'.charAt(keys.indexOf(multihashKey(cid)))
  return deltas.flatMap(({ blocks = [], presences = [] }) => [
    ...blocks.map(({ cid }) => `block ${name(cid)}`),
    ...presences.map(({ type, cid }) => `${type} ${name(cid)}`),
  ])
}

/** The blocks in deltas, as keys. */
export const keysOfBlocks = (deltas: readonly Delta[]): string[] =>
  deltas.flatMap(({ blocks = [] }) => blocks.map(({ cid }) => multihashKey(cid)))
