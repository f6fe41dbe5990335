import type { PeerId } from '@libp2p/interface'
import { catchError, isObservable, map, Observable, of } from 'rxjs'
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
  try {
    const sending = send(message)
    if (!isObservable(sending)) return [{ type: 'sent', peer, message, byteLength: sending }]
    return sending.pipe(
      map((byteLength): SendOutcome => ({ type: 'sent', peer, message, byteLength })),
      catchError((cause: unknown) => of(failed(peer, message, cause))),
    )
  } catch (cause) {
    return [failed(peer, message, cause)]
  }
}

const sendAll = (
  deps: SendDeps,
  messages: readonly OutgoingMessage[],
): Observable<SendOutcome> =>
  new Observable((subscriber) => {
    const left = messages.values()

    const tell = (outcome: SendOutcome): void => {
      subscriber.next(outcome)
      if (outcome.type === 'sent') return
      for (const unsent of left) subscriber.next(failed(deps.peer, unsent, outcome.error))
    }
    const sendRest = (): void => {
      for (const message of left) {
        const outcomes = sendOne(deps, message)
        if (isObservable(outcomes)) {
          subscriber.add(outcomes.subscribe({ next: tell, complete: sendRest }))
          return
        }
        outcomes.forEach(tell)
        if (subscriber.closed) return
      }
      subscriber.complete()
    }
    sendRest()
  })

const failed = (peer: PeerId, message: OutgoingMessage, cause: unknown): SendOutcome => ({
  type: 'send-failed',
  peer,
  message,
  error: cause instanceof Error ? cause : new SendError(peer, 1, cause),
})
