import type { MultihashKey } from '../message/keys.ts'
import type { WantEntry } from '../message/message.ts'
import type { Ledger, Ledgers, Standing } from './ledger.ts'
import type { PriorityQueue } from '../wantlist/priority-queue.ts'
import { priorityQueue } from '../wantlist/priority-queue.ts'

/**
 * Holds a want in a ledger that has room for `maxEntries`. In a full one the least worthy has to
 * go: a want whose block we lack before one whose block we have, then the one of lower priority,
 * then the newcomer. Returns the one that had to go, `undefined` if there is room for all.
 */
export type Admit = (ledger: Ledger, newcomer: Candidate) => Candidate | undefined

export interface Candidate {
  readonly key: MultihashKey
  readonly want: WantEntry
  readonly standing: Standing
}

export const admission = (ledgers: Ledgers, maxEntries: number): Admit => {
  /** The ledger that was full last, and its wants, least worthy first. */
  let full: { readonly ledger: Ledger, readonly ranking: PriorityQueue<Candidate> } | undefined

  const rank = (ledger: Ledger): PriorityQueue<Candidate> => {
    const isCurrent = ({ key, want, standing }: Candidate): boolean =>
      ledger.wants.get(key) === want && ledgers.standing(ledger, key) === standing
    const ranking = priorityQueue(isLessWorthy, isCurrent)
    for (const [key, want] of ledger.wants) {
      ranking.push({ key, want, standing: ledgers.standing(ledger, key) })
    }
    return ranking
  }

  const hold = (ledger: Ledger, newcomer: Candidate): void => {
    ledgers.hold(ledger, newcomer.key, newcomer.want, newcomer.standing)
    if (full?.ledger !== ledger) return
    full.ranking.push(newcomer)
    full.ranking.left()
  }

  return (ledger, newcomer) => {
    if (ledger.wants.size < maxEntries || ledger.wants.has(newcomer.key)) {
      hold(ledger, newcomer)
      return undefined
    }
    if (full?.ledger !== ledger) full = { ledger, ranking: rank(ledger) }
    const weakest = full.ranking.peek()
    if (weakest === undefined || !isLessWorthy(weakest, newcomer)) return newcomer
    ledgers.drop(ledger, weakest.key)
    hold(ledger, newcomer)
    return weakest
  }
}

const isLessWorthy = (a: Candidate, b: Candidate): boolean =>
  a.standing === b.standing ? a.want.priority < b.want.priority : a.standing === 'lacking'
