/**
 * Tests of reactive retrieval without sockets, sleeping or chance: virtual time, peers that the
 * test plays, swarms, and protocol marbles, which are specification, test, picture and recording in
 * one. Depends on no test framework.
 *
 * ```ts
 * import { testMarble } from 'rx-bitswap/testing'
 * import { retry, timeout } from 'rxjs'
 *
 * // An application's way to get a block: it does not wait longer than 50 ms, and tries twice.
 * const patient = ({ clock }) => (asking, cid) =>
 *   asking.want(cid).pipe(timeout({ first: 50, scheduler: clock.scheduler }), retry(1))
 *
 * testMarble(`
 *   peer A
 *   cid  x
 *   app:   ^x    50ms  -     10ms  *x|
 *   me>A:  w.x'  50ms  w.x'  10ms  c.x
 *   A>me:        60ms  B.x
 * `, { want: patient })
 * ```
 *
 * @module rx-bitswap/testing
 */
export type * from './marble/document.ts'
export type * from './marble/items.ts'
export { type Lane, type LaneKind, type LaneName, laneText } from './marble/lanes.ts'
export { formatMarble, type FormatOptions } from './marble/format.ts'
export { parseMarble, type ParseOptions } from './marble/parse.ts'
export { renderSvg, type SvgOptions } from './marble/render/svg.ts'
export { renderUnicode, type UnicodeOptions } from './marble/render/unicode.ts'
export { MarbleSyntaxError } from './marble/syntax-error.ts'
export {
  type MemoryBlocks, memoryBlocks, type MemoryBlocksOptions,
} from './memory-blocks.ts'
export {
  type RecordOptions, type Recording, recordMarbles,
} from './record/record-marbles.ts'
export { reportOf } from './runner/report.ts'
export {
  type ExchangeFactory, type MarbleFailure, type MarbleRun, type PlayOptions, runMarble,
  type WantPipeline,
} from './runner/run-marble.ts'
export { type NetworkAction, type ScriptedNetwork, scriptedNetwork } from './scripted-network.ts'
export { seededBytes, seededRandom } from './seeded-random.ts'
export { SIMULATED_BLOCK_BYTES, simulatedBlock, simulatedHashers } from './simulated-block.ts'
export {
  type SimulatedNode, simulatedNode, type SimulatedNodeInit,
} from './simulated-node.ts'
export { simulatedPeerId } from './simulated-peer-id.ts'
export type { LinkOptions } from './simulated-pipe.ts'
export {
  type Emission, type MarbleValues, type StreamMarbles, streamMarbles,
} from './stream-marbles.ts'
export {
  type SwarmNetwork, swarmNetwork, type SwarmOptions, type Transmission,
} from './swarm-network.ts'
export {
  MarbleError, marbleMatchers, type MatcherResult, testMarble, type TestMarbleOptions,
} from './test-marble.ts'
export { type VirtualClock, virtualClock } from './virtual-clock.ts'
