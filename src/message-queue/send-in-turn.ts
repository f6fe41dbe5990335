import type { PeerId } from '@libp2p/interface'
import { isObservable, Observable } from 'rxjs'
import { SendError } from '../errors.ts'
import type { OutgoingMessage } from '../message/message.ts'
import type { NowOrLater, SendOutcome } from '../ports.ts'

export interface SendDeps {
  readonly peer: PeerId
  /** `Network.send`, bound to the peer. */
  readonly send: (message: OutgoingMessage) => NowOrLater<number>
}

/**
 * Sends the parts of a message one after another and tells what became of each. Once one has failed
 * the others fail with its error, unsent. Cold; never errors; unsubscribing ends the send.
 */
export const sendInTurn = (
  { peer, send }: SendDeps,
  messages: readonly OutgoingMessage[],
): Observable<SendOutcome> =>
  new Observable((subscriber) => {
    const left = messages.values()

    const fail = (message: OutgoingMessage, cause: unknown): void => {
      const error = cause instanceof Error ? cause : new SendError(peer, 1, cause)
      for (const unsent of [message, ...left]) {
        subscriber.next({ type: 'send-failed', peer, message: unsent, error })
      }
      subscriber.complete()
    }
    /** True if the message is sent and the next one may follow. */
    const sendOne = (message: OutgoingMessage): boolean => {
      const sent = (byteLength: number): void =>
        subscriber.next({ type: 'sent', peer, message, byteLength })
      try {
        const sending = send(message)
        if (isObservable(sending)) {
          const error = (cause: unknown): void => fail(message, cause)
          subscriber.add(sending.subscribe({ next: sent, error, complete: sendRest }))
          return false
        }
        sent(sending)
        return !subscriber.closed
      } catch (cause) {
        fail(message, cause)
        return false
      }
    }
    const sendRest = (): void => {
      for (const message of left) if (!sendOne(message)) return
      subscriber.complete()
    }
    sendRest()
  })
