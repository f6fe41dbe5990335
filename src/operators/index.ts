/**
 * What RxJS lacks for protocols, free of any protocol.
 *
 * - `bufferExhaustMap`: one projection at a time; what arrives meanwhile is the next batch.
 * - `pullMap`: `mergeMap` with backpressure for inputs that can be pulled.
 * - `stateOf`: state as a stream, its current value first.
 * - `trampoline`: an event source whose subscribers all see the same order.
 *
 * @module
 */
export { bufferExhaustMap, type Buffer } from './buffer-exhaust-map.ts'
export { pullMap, type PullMapOptions } from './pull-map.ts'
export { stateOf } from './state-of.ts'
export { trampoline, type Trampoline } from './trampoline.ts'
