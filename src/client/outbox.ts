import type { PeerKey } from '../message/keys.ts'
import type { WantlistEntry } from '../message/message.ts'
import type { ClientOutput, Request } from './contract.ts'
import type { PeerWants } from './want.ts'

/**
 * What the want manager has to say, held back until its state is whole again: whoever hears an
 * output may answer at once.
 */
export interface Outbox<R extends Request> {
  say(output: ClientOutput<R>): void
  /** Adds an entry to what the peer gets with the next `post`. */
  tell(peer: PeerWants<R>, entry: WantlistEntry): void
  /** A gone peer is told nothing. */
  forget(peer: PeerWants<R>): void
  /** Turns the entries told into one delta for each peer. */
  post(): void
  /** Emits what was said, in order. Called within itself it leaves the rest to the outer call. */
  release(): void
}

interface Letter<R extends Request> {
  readonly to: PeerWants<R>
  readonly entries: WantlistEntry[]
}

export const outbox = <R extends Request>(emit: (output: ClientOutput<R>) => void): Outbox<R> => {
  let said: ClientOutput<R>[] = []
  let releasing = false
  const letters = new Map<PeerKey, Letter<R>>()

  return {
    say: (output) => {
      said.push(output)
    },
    tell: (peer, entry) => {
      const letter = letters.get(peer.key)
      if (letter === undefined) letters.set(peer.key, { to: peer, entries: [entry] })
      else letter.entries.push(entry)
    },
    forget: (peer) => {
      letters.delete(peer.key)
    },
    post: () => {
      for (const { to, entries } of letters.values()) {
        said.push({ type: 'delta', peer: to.peer, entries })
      }
      letters.clear()
    },
    release: () => {
      if (releasing) return
      releasing = true
      while (said.length > 0) {
        const outputs = said
        said = []
        for (const output of outputs) emit(output)
      }
      releasing = false
    },
  }
}
