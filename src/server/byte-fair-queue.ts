import type { PeerId } from '@libp2p/interface'
import type { MultihashKey, PeerKey } from '../message/keys.ts'
import { peerKey } from '../message/keys.ts'
import { MAX_MESSAGE_BYTES, type ServerOptions } from '../options.ts'
import { countBy } from '../wantlist/count-by.ts'
import type { PeerRequestQueue, Turn } from './peer-request-queue.ts'
import { peerTasks } from './peer-tasks.ts'
import type { PeerTasks } from './peer-tasks.ts'

/** Bytes a peer may be sent before the next one has its turn. */
export const QUANTUM_BYTES = 64 * 1024

/** Tasks queued for one peer, for each want it may have held: the rest is room for DONT_HAVEs. */
const TASKS_PER_WANT = 4

/** `pendingBytes` is an int32 on the wire. */
const INT32_MAX = 2 ** 31 - 1

/** The share of a new block size in the mean. */
const MEAN_WEIGHT = 1 / 16

/**
 * Deficit round robin by bytes (Shreedhar and Varghese 1995): a peer is served until its credit is
 * used up, then the next one is; each time its turn is passed over it gets another quantum. A block
 * may overdraw the credit, so a large one never waits for savings. Peers that cannot be served
 * (nothing queued, stream full, enough workers on it) are out of the round: nobody waits for them.
 * A peer that owes nothing is served once each of the others got a quantum and a turn, at most.
 */
export const byteFairQueue = (options: ServerOptions): PeerRequestQueue => {
  const peers = new Map<PeerKey, PeerTasks>()
  /** Turns under way. A peer's outlast its reconnect: the store is busy with them all the same. */
  const turns = new Map<PeerKey, number>()
  /** Those that can be served, in the order of their turns. */
  const round = new Set<PeerTasks>()
  const maxTasks = TASKS_PER_WANT * options.maxWantlistEntries
  // One peer whose blocks are slow to read must leave a worker for the others.
  const maxTurns = Math.ceil(options.taskWorkers / 2)
  // No more than a message, or a peer would be passed over for ever to pay it back.
  const advance = Math.min(options.targetEnvelopeBytes, MAX_MESSAGE_BYTES)
  let meanBlockBytes = 0

  const admit = (tasks: PeerTasks): void => {
    const isEligible = tasks.size > 0
      && (turns.get(tasks.key) ?? 0) < maxTurns
      && tasks.outstandingBytes < options.maxOutstandingBytesPerPeer
    if (isEligible) round.add(tasks)
    else round.delete(tasks)
  }

  const countTurn = ({ key }: PeerTasks, change: 1 | -1): void => {
    countBy(turns, key, change)
    const tasks = peers.get(key)
    if (tasks !== undefined) admit(tasks)
  }

  const turn = (tasks: PeerTasks): Turn => {
    let bytesHandedOver = 0
    // Charged in advance, so that slow reads do not give the peer all the workers.
    tasks.credit -= advance
    countTurn(tasks, 1)
    return {
      peer: tasks.peer,
      take: tasks.take,
      drop: tasks.drop,
      handOver: (task, bytes) => {
        bytesHandedOver += bytes
        tasks.handOver(task, bytes)
        if (task.type !== 'block') return
        meanBlockBytes += meanBlockBytes === 0 ? bytes : (bytes - meanBlockBytes) * MEAN_WEIGHT
      },
      pendingBytes: () => peers.get(tasks.key) === tasks
        ? Math.min(INT32_MAX, Math.ceil(tasks.pendingBytes(meanBlockBytes)))
        : undefined,
      close: () => {
        tasks.credit += advance - bytesHandedOver
        countTurn(tasks, -1)
      },
    }
  }

  const tasksOf = (peer: PeerId): PeerTasks => {
    const key = peerKey(peer)
    let tasks = peers.get(key)
    if (tasks === undefined) {
      tasks = peerTasks(peer, QUANTUM_BYTES)
      peers.set(key, tasks)
    }
    return tasks
  }

  /** Changes what is owed to a peer, if anything is. */
  const change = <T>(peer: PeerId, how: (tasks: PeerTasks) => T): T | undefined => {
    const tasks = peers.get(peerKey(peer))
    if (tasks === undefined) return undefined
    const result = how(tasks)
    admit(tasks)
    return result
  }

  const retain = (peer: PeerId, keys: ReadonlySet<MultihashKey>): void => {
    change(peer, (tasks) => {
      tasks.retain(keys)
    })
  }

  return {
    push: (peer, task) => {
      const tasks = tasksOf(peer)
      if (task.type === 'dont-have' && tasks.size >= maxTasks) return
      tasks.push(task)
      admit(tasks)
    },
    withdraw: (peer, key) => change(peer, (tasks) => tasks.withdraw(key)) === true,
    evict: (peer, key) => change(peer, (tasks) => tasks.evict(key)) === true,
    retain,
    next: () => {
      // A peer taken out and put back is visited again: the loop is the round.
      for (const tasks of round) {
        if (tasks.credit > 0) return turn(tasks)
        tasks.credit += QUANTUM_BYTES
        round.delete(tasks)
        round.add(tasks)
      }
      return undefined
    },
    settle: (peer, key, sent) => change(peer, (tasks) => tasks.settle(key, sent)),
    forget: (peer) => {
      // Ends the turns under way: there is nothing more to take.
      retain(peer, new Set())
      peers.delete(peerKey(peer))
    },
  }
}
