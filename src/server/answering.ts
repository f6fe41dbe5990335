import type { PeerId } from '@libp2p/interface'
import type { MultihashKey } from '../message/keys.ts'
import type { ServerOptions } from '../options.ts'
import type { Admit, Candidate } from './admission.ts'
import type { Ledger, Ledgers } from './ledger.ts'
import type { Question } from './look-ups.ts'
import type { PeerRequestQueue } from './peer-request-queue.ts'
import type { Finding } from './respond.ts'
import { respond } from './respond.ts'
import { newTask } from './task.ts'

/** What follows from what the store said. */
export interface Answering {
  /** A look-up is over: the want enters the ledger, and its answer the queue. */
  found(question: Question, finding: Finding): void
  /** A want could not be answered after all: it waits, for a notify or for its repetition. */
  unserved(peer: PeerId, key: MultihashKey): void
}

export interface AnsweringDeps {
  readonly ledgers: Ledgers
  readonly admit: Admit
  readonly queue: PeerRequestQueue
  readonly options: ServerOptions
  /** The block of a want is not there. */
  readonly missing: (key: MultihashKey) => void
}

export const answering = (deps: AnsweringDeps): Answering => {
  const { ledgers, admit, queue, options, missing } = deps

  const refuse = (ledger: Ledger, { key, want }: Candidate): void => {
    if (want.sendDontHave) queue.push(ledger.peer, newTask(key, want, 'dont-have'))
  }

  const reply = ({ ledger, key, want }: Question, finding: Finding): void => {
    const type = respond(want, finding, options.replaceHaveMaxBytes)
    if (type === undefined) return
    const block = finding instanceof Uint8Array ? finding : undefined
    const bytes = typeof finding === 'number' ? finding : block?.byteLength
    queue.push(ledger.peer, newTask(key, want, type, bytes, block))
  }

  return {
    found: (question, finding) => {
      const { ledger, key, want, fromPeer } = question
      const standing = finding === 'absent' || finding === 'failed' ? 'lacking' : 'found'
      if (standing === 'lacking' && !fromPeer) return
      const outranked = admit(ledger, { key, want, standing })
      if (outranked?.key === key) {
        refuse(ledger, outranked)
        return
      }
      // An answer on its way is not taken back.
      const isUnanswered = outranked !== undefined && queue.evict(ledger.peer, outranked.key)
      if (isUnanswered) refuse(ledger, outranked)
      reply(question, finding)
      if (standing === 'lacking') missing(key)
    },
    unserved: (peer, key) => {
      const ledger = ledgers.of(peer)
      const want = ledger?.wants.get(key)
      if (ledger === undefined || want === undefined) return
      admit(ledger, { key, want, standing: 'lacking' })
    },
  }
}
