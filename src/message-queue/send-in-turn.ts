import type { PeerId } from '@libp2p/interface'
import { catchError, defer, from, isObservable, map, mergeMap, type Observable, tap } from 'rxjs'
import { SendError } from '../errors.ts'
import type { OutgoingMessage } from '../message/message.ts'
import type { NowOrLater, SendOutcome } from '../ports.ts'

export interface SendDeps {
  readonly peer: PeerId
  /** `Network.send`, bound to the peer. */
  readonly send: (message: OutgoingMessage) => NowOrLater<number>
}

/** What became of what was sent at once, or of what is still being sent. */
export type Outcomes = SendOutcome[] | Observable<SendOutcome>

/**
 * Sends the parts of a message one after another and tells what became of each. Once one has failed
 * the others fail with its error, unsent. Never errors; unsubscribing ends the send. A message of
 * one part, which nearly every one is, is sent before this returns.
 */
export const sendInTurn = (
  deps: SendDeps,
  messages: readonly OutgoingMessage[],
): Outcomes =>
  messages.length === 1 ? sendOne(deps, messages[0]!) : sendAll(deps, messages)

const sendOne = ({ peer, send }: SendDeps, message: OutgoingMessage): Outcomes => {
  const sent = (byteLength: number): SendOutcome => ({ type: 'sent', peer, message, byteLength })
  const fail = (cause: unknown): SendOutcome[] => [failed(peer, message, cause)]
  try {
    const sending = send(message)
    return isObservable(sending) ? sending.pipe(map(sent), catchError(fail)) : [sent(sending)]
  } catch (cause) {
    return fail(cause)
  }
}

const sendAll = (
  deps: SendDeps,
  messages: readonly OutgoingMessage[],
): Observable<SendOutcome> =>
  defer(() => {
    let error: Error | undefined
    const next = (message: OutgoingMessage): Outcomes =>
      error === undefined ? sendOne(deps, message) : [failed(deps.peer, message, error)]
    return from(messages).pipe(mergeMap(next, 1), tap((outcome) => {
      if (outcome.type === 'send-failed') error = outcome.error
    }))
  })

const failed = (peer: PeerId, message: OutgoingMessage, cause: unknown): SendOutcome => ({
  type: 'send-failed',
  peer,
  message,
  error: cause instanceof Error ? cause : new SendError(peer, 1, cause),
})
