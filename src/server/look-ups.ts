import { Subscription } from 'rxjs'
import type { CID } from 'multiformats/cid'
import type { MultihashKey, PeerKey } from '../message/keys.ts'
import type { WantEntry } from '../message/message.ts'
import { nowOrLater, type Settle } from '../operators/now-or-later.ts'
import type { BlockLookup, NowOrLater } from '../ports.ts'
import { type EarlyReading, MAX_KEPT_BYTES } from './early-reading.ts'
import type { Ledger } from './ledger.ts'
import type { Finding } from './respond.ts'
import { tooLarge } from './too-large.ts'

/** A want whose block is being looked up. */
export interface Question {
  readonly ledger: Ledger
  readonly key: MultihashKey
  /** Repeats of the want that come meanwhile are merged into it. */
  want: WantEntry
  /** The peer asks, and may be told of absence. Otherwise we look again for a subscriber. */
  fromPeer: boolean
}

/** Store look-ups, a limited number at a time. Peers take turns: none waits for another's list. */
export interface LookUps {
  /** Looks up the block; answered before this returns if the store is synchronous and not busy. */
  ask(question: Question): void
  /** The open question of the same peer for the same block. */
  find(ledger: Ledger, key: MultihashKey): Question | undefined
  /** Open questions of the peer. */
  count(ledger: Ledger): number
  /** True if no question is open. */
  readonly isIdle: boolean
  /** The answer is not needed any more. */
  withdraw(ledger: Ledger, key: MultihashKey): void
  withdrawAll(ledger: Ledger): void
  stop(): void
}

export interface LookUpsDeps {
  readonly lookup: Pick<BlockLookup, 'has' | 'size' | 'get'>
  readonly early: EarlyReading
  /** Look-ups at the same time, in all. */
  readonly workers: number
  /** Called once for each question that was not withdrawn. */
  readonly found: (question: Question, finding: Finding) => void
  readonly failed: (cid: CID, error: unknown) => void
  /** Runs what a late answer of the store sets off. */
  readonly enter: (change: () => void) => void
}

/** The questions of one peer. */
interface Line {
  readonly waiting: Map<MultihashKey, Question>
  readonly asked: Map<MultihashKey, Question>
  /** Look-ups under way, withdrawn ones included: the store is busy with them all the same. */
  running: number
}

export const lookUps = (deps: LookUpsDeps): LookUps => {
  const { lookup, early, workers, found, failed, enter } = deps
  // One peer whose blocks are slow to find must leave workers for the others.
  const maxPerPeer = Math.ceil(workers / 2)
  /** By peer, not by ledger: what the store is busy with outlasts a reconnect. */
  const lines = new Map<PeerKey, Line>()
  const reads = new Subscription()
  let running = 0

  const lineOf = ({ key }: Ledger): Line => {
    let line = lines.get(key)
    if (line === undefined) {
      line = { waiting: new Map(), asked: new Map(), running: 0 }
      lines.set(key, line)
    }
    return line
  }

  const leave = (peer: PeerKey, line: Line): void => {
    if (line.running === 0 && line.waiting.size === 0) lines.delete(peer)
  }

  const look = ({ want: { type, cid } }: Question): NowOrLater<StoreAnswer> =>
    type === 'want-have'
      ? lookup.size(cid)
      : early.pays() ? lookup.get(cid) : lookup.has(cid)

  const settle: Settle<Question, StoreAnswer> = (question, isLate, value, problem) => {
    running -= 1
    const error = problem ?? tooLarge(value)
    if (error !== undefined) failed(question.want.cid, error)
    if (value instanceof Uint8Array) early.learn(isLate, value)
    const finding = error === undefined ? findingOf(value) : 'failed'
    if (isLate) finish(question, finding)
    else found(question, finding)
  }

  const start = (question: Question): void => {
    const { ledger, key } = question
    running += 1
    const read = nowOrLater(question, look, settle, enter)
    if (read === undefined) return
    reads.add(read)
    const line = lineOf(ledger)
    line.running += 1
    line.asked.set(key, question)
  }

  const finish = (question: Question, finding: Finding): void => {
    const { ledger, key } = question
    const line = lineOf(ledger)
    line.running -= 1
    const isOpen = line.asked.get(key) === question
    if (isOpen) line.asked.delete(key)
    leave(ledger.key, line)
    if (isOpen) found(question, finding)
    advance()
  }

  /** Starts what waits, a question of each peer in turn. */
  const advance = (): void => {
    for (const [peer, line] of lines) {
      if (running >= workers) break
      const [question] = line.waiting.values()
      if (question === undefined || line.running >= maxPerPeer) continue
      line.waiting.delete(question.key)
      // Moved to the end, and so visited again by this loop.
      lines.delete(peer)
      lines.set(peer, line)
      start(question)
      leave(peer, line)
    }
  }

  return {
    ask: (question) => {
      const line = lines.get(question.ledger.key)
      if (running < workers && (line?.running ?? 0) < maxPerPeer) start(question)
      else lineOf(question.ledger).waiting.set(question.key, question)
    },
    find: (ledger, key) => {
      const line = lines.get(ledger.key)
      return line?.asked.get(key) ?? line?.waiting.get(key)
    },
    count: (ledger) => {
      const line = lines.get(ledger.key)
      return line === undefined ? 0 : line.asked.size + line.waiting.size
    },
    get isIdle () {
      return lines.size === 0
    },
    withdraw: (ledger, key) => {
      const line = lines.get(ledger.key)
      if (line === undefined) return
      line.asked.delete(key)
      line.waiting.delete(key)
      leave(ledger.key, line)
    },
    withdrawAll: (ledger) => {
      const line = lines.get(ledger.key)
      if (line === undefined) return
      line.asked.clear()
      line.waiting.clear()
      leave(ledger.key, line)
    },
    stop: () => {
      reads.unsubscribe()
    },
  }
}

type StoreAnswer = boolean | number | Uint8Array | undefined

const findingOf = (value: StoreAnswer): Finding => {
  if (typeof value === 'boolean') return value ? 'present' : 'absent'
  if (value instanceof Uint8Array && value.byteLength > MAX_KEPT_BYTES) return value.byteLength
  return value ?? 'absent'
}
