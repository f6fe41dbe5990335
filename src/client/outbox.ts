import type { Observer } from 'rxjs'
import type { PeerKey } from '../message/keys.ts'
import type { WantlistEntry } from '../message/message.ts'
import type { ClientOutput, Request } from './contract.ts'
import type { PeerWants } from './want.ts'

export type Haste = 'at-once' | 'at-leisure'

/**
 * What the want manager has to say, held back until its state is whole again: whoever hears an
 * output may answer at once.
 */
export interface Outbox<R extends Request> {
  say(output: ClientOutput<R>): void
  /**
   * Adds an entry to what the peer gets. `at-leisure`: it need not have a message of its own while
   * the peer owes answers.
   */
  tell(peer: PeerWants<R>, entry: WantlistEntry, when: Haste): void
  /** A gone peer is told nothing. */
  forget(peer: PeerWants<R>): void
  /** Turns the entries told into one delta for each peer, except those that may wait. */
  post(): void
  /** Emits what was said, in order. Called within itself it leaves the rest to the outer call. */
  release(): void
  /** Completes once all that was said is emitted. */
  end(): void
}

/** Who hears the outputs. */
export type Listener<R extends Request> = Pick<Observer<ClientOutput<R>>, 'next' | 'complete'>

interface Letter<R extends Request> {
  readonly to: PeerWants<R>
  readonly entries: WantlistEntry[]
  isUrgent: boolean
}

/** What need not be said at once is, when there is so much of it. */
const MAX_WAITING_ENTRIES = 64

/** Whoever owes an answer gives it, or falls silent: then there is another `post`. */
const mayWait = <R extends Request>({ to, entries, isUrgent }: Letter<R>): boolean =>
  !isUrgent && to.awaited > 0 && entries.length < MAX_WAITING_ENTRIES

export const outbox = <R extends Request>(listener: Listener<R>): Outbox<R> => {
  let said: ClientOutput<R>[] = []
  let releasing = false
  let ended = false
  const letters = new Map<PeerKey, Letter<R>>()

  return {
    say: (output) => {
      said.push(output)
    },
    tell: (peer, entry, when) => {
      let letter = letters.get(peer.key)
      if (letter === undefined) {
        letter = { to: peer, entries: [], isUrgent: false }
        letters.set(peer.key, letter)
      }
      letter.entries.push(entry)
      if (when === 'at-once') letter.isUrgent = true
    },
    forget: (peer) => {
      letters.delete(peer.key)
    },
    post: () => {
      for (const letter of letters.values()) {
        if (mayWait(letter)) continue
        const { to, entries } = letter
        letters.delete(to.key)
        said.push({ type: 'delta', peer: to.peer, entries })
      }
    },
    release: () => {
      if (releasing) return
      releasing = true
      while (said.length > 0) {
        const outputs = said
        said = []
        for (const output of outputs) listener.next(output)
      }
      releasing = false
      if (ended) listener.complete()
    },
    end: () => {
      ended = true
      if (!releasing) listener.complete()
    },
  }
}
