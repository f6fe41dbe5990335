import { Subscription } from 'rxjs'
import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import type { Delta } from '../message/delta.ts'
import type { MultihashKey } from '../message/keys.ts'
import type { Block, Presence, PresenceType } from '../message/message.ts'
import { fieldBytes, presenceBytes } from '../message/size.ts'
import { nowOrLater } from '../operators/now-or-later.ts'
import type { ServerOptions } from '../options.ts'
import type { BlockLookup } from '../ports.ts'
import type { EarlyReading } from './early-reading.ts'
import type { PeerRequestQueue, Turn } from './peer-request-queue.ts'
import type { Task } from './task.ts'
import { tooLarge } from './too-large.ts'

/**
 * Read blocks as they are sent: each worker serves one turn at a time, block after block. An
 * envelope leaves when the turn is over, and before a wait for the store.
 */
export interface TaskWorkers {
  /** Gives free workers their next turns, until there is no worker or no work. */
  work(): void
  stop(): void
}

export interface TaskWorkersDeps {
  readonly lookup: Pick<BlockLookup, 'get'>
  readonly queue: PeerRequestQueue
  readonly options: ServerOptions
  readonly emit: (delta: Delta) => void
  readonly early: EarlyReading
  /** Runs what a late answer of the store sets off. */
  readonly enter: (change: () => void) => void
  /** The block is not there any more, or could not be read: its want waits. */
  readonly unserved: (peer: PeerId, key: MultihashKey) => void
  readonly failed: (cid: CID, error: unknown) => void
}

/** What one peer is about to be sent. */
interface Envelope {
  readonly turn: Turn
  blocks: Block[]
  presences: Presence[]
  /** What the turn has sent so far. */
  bytes: number
}

export const taskWorkers = (deps: TaskWorkersDeps): TaskWorkers => {
  const { lookup, queue, options, emit, early, enter } = deps
  const reads = new Subscription()
  let busy = 0

  const put = (envelope: Envelope, task: Task, bytes: number): void => {
    envelope.turn.handOver(task, bytes)
    envelope.bytes += bytes
  }

  const putPresence = (envelope: Envelope, task: Task, type: PresenceType): void => {
    const presence = { type, cid: task.cid }
    task.type = type
    envelope.presences.push(presence)
    put(envelope, task, fieldBytes(presenceBytes(presence)))
  }

  const putBlock = (envelope: Envelope, task: Task, bytes: Uint8Array): void => {
    envelope.blocks.push({ cid: task.cid, bytes })
    put(envelope, task, bytes.byteLength)
  }

  const putAnswer = (envelope: Envelope, task: Task, bytes?: Uint8Array, error?: unknown): void => {
    const { turn } = envelope
    if (error !== undefined) deps.failed(task.cid, error)
    if (bytes === undefined && !task.withdrawn) deps.unserved(turn.peer, task.key)
    const isDue = !task.withdrawn && error === undefined
    if (isDue && bytes !== undefined) putBlock(envelope, task, bytes)
    else if (isDue && task.sendDontHave) putPresence(envelope, task, 'dont-have')
    else turn.drop(task)
  }

  /** True if the block was there at once; otherwise filling goes on when it is. */
  const read = (envelope: Envelope, task: Task): boolean => {
    if (task.block !== undefined) {
      putAnswer(envelope, task, task.block)
      return true
    }
    const subscription = nowOrLater(task.cid, lookup.get, (_cid, isLate, bytes, problem) => {
      early.learn(isLate, bytes)
      const error = problem ?? tooLarge(bytes)
      putAnswer(envelope, task, error === undefined ? bytes : undefined, error)
      if (isLate) fill(envelope)
    }, enter)
    if (subscription === undefined) return true
    reads.add(subscription)
    post(envelope)
    return false
  }

  const fill = (envelope: Envelope): void => {
    while (envelope.bytes === 0 || envelope.bytes < options.targetEnvelopeBytes) {
      const task = envelope.turn.take()
      if (task === undefined) break
      if (task.type !== 'block') putPresence(envelope, task, task.type)
      else if (!read(envelope, task)) return
    }
    busy -= 1
    envelope.turn.close()
    post(envelope)
  }

  const post = (envelope: Envelope): void => {
    const { turn: { peer, pendingBytes }, blocks, presences } = envelope
    if (blocks.length === 0 && presences.length === 0) return
    envelope.blocks = []
    envelope.presences = []
    const bytes = pendingBytes()
    if (bytes !== undefined) emit({ type: 'delta', peer, blocks, presences, pendingBytes: bytes })
  }

  return {
    work: () => {
      while (busy < options.taskWorkers) {
        const turn = queue.next()
        if (turn === undefined) return
        busy += 1
        fill({ turn, blocks: [], presences: [], bytes: 0 })
      }
    },
    stop: () => {
      reads.unsubscribe()
    },
  }
}
