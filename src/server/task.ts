import type { CID } from 'multiformats/cid'
import type { MultihashKey } from '../message/keys.ts'
import type { WantEntry } from '../message/message.ts'
import { fieldBytes, presenceBytes } from '../message/size.ts'

/** What a peer is to get: the block, a HAVE or a DONT_HAVE. */
export type TaskType = 'block' | 'have' | 'dont-have'

/**
 * One answer owed to one peer. It is queued, then active: taken by a worker, handed to the network,
 * and settled by the outcome of the send.
 */
export interface Task {
  readonly key: MultihashKey
  readonly cid: CID
  /** A block that has vanished when it is read becomes a DONT_HAVE. */
  type: TaskType
  readonly priority: number
  sendDontHave: boolean
  /** What it will cost on the wire, in bytes; `undefined` for a block of unknown size. */
  readonly bytes: number | undefined
  /** The block, if it was read for its look-up. */
  readonly block: Uint8Array | undefined
  /** In the order of arrival. */
  place: number
  /** Bytes handed to the network and not confirmed yet; `undefined` until then. */
  outstandingBytes: number | undefined
  /** Cancelled while active: it answers nothing any more. */
  withdrawn: boolean
}

/** The task that answers `want`. `blockBytes` is the size of the block if it is known. */
export const newTask = (
  key: MultihashKey,
  { cid, priority, sendDontHave }: WantEntry,
  type: TaskType,
  blockBytes?: number,
  block?: Uint8Array,
): Task => ({
  key,
  cid,
  type,
  priority,
  sendDontHave,
  bytes: type === 'block' ? blockBytes : fieldBytes(presenceBytes({ cid, type })),
  block,
  place: 0,
  outstandingBytes: undefined,
  withdrawn: false,
})

/** True if what is on its way tells the peer all that `task` would; as in go-peertaskqueue. */
export const covers = (active: Task, task: Task): boolean =>
  !active.withdrawn && WORTH[active.type] >= WORTH[task.type]

/** One task for both: the better answer, at the higher priority, in the place of the earlier. */
export const mergeTasks = (queued: Task, task: Task): Task => {
  const better = WORTH[task.type] >= WORTH[queued.type] ? task : queued
  return {
    ...better,
    bytes: better.bytes ?? (queued.type === 'block' ? queued.bytes : undefined),
    priority: Math.max(queued.priority, task.priority),
    sendDontHave: queued.sendDontHave || task.sendDontHave,
    place: queued.place,
  }
}

const WORTH: Readonly<Record<TaskType, number>> = { 'dont-have': 0, have: 1, block: 2 }
