import type { PeerId } from '@libp2p/interface'
import { catchError, defer, isObservable, mergeMap, Observable, retry, tap } from 'rxjs'
import { SendError } from '../errors.ts'
import type { OutgoingMessage } from '../message/message.ts'
import { after } from '../operators/after.ts'
import { observed } from '../operators/now-or-later.ts'
import type { Clock, NowOrLater } from '../ports.ts'
import { MIN_DEADLINE_MS, within } from './deadline.ts'
import type { Outbound } from './outbound.ts'
import type { Peers } from './peers.ts'

/** boxo `MaxRetries`. */
export const MAX_SEND_ATTEMPTS = 3
/** Pause between two attempts, in ms. boxo `SendErrorBackoff`. */
export const RETRY_DELAY_MS = 100

export interface SendDeps {
  readonly clock: Clock
  readonly outgoing: Outbound
  readonly peers: Pick<Peers, 'unresponsive'>
}

/**
 * `Network.send`: each attempt after the first uses a new stream. Nearly always there is a stream,
 * and it takes the message at once. After the last attempt the peer counts as unresponsive.
 */
export const sender = ({ clock, outgoing, peers }: SendDeps) => {
  const attempt = (peer: PeerId, message: OutgoingMessage): Observable<number> =>
    observed(() => outgoing.writer(peer)).pipe(
      within(clock, MIN_DEADLINE_MS, 'Opening a stream'),
      mergeMap(({ write }) => observed(() => write(message)).pipe(
        tap({ error: () => outgoing.drop(peer) }),
      )),
    )

  const patiently = (
    peer: PeerId,
    message: OutgoingMessage,
    first$ = attempt(peer, message),
  ): Observable<number> => {
    let attempts = 0
    return defer(() => {
      attempts++
      return attempts === 1 ? first$ : attempt(peer, message)
    }).pipe(
      retry({
        count: MAX_SEND_ATTEMPTS - 1,
        delay: (error: unknown) => {
          if (isUnsupported(error)) throw error
          return after(clock, RETRY_DELAY_MS)
        },
      }),
      catchError((error: unknown) => new Observable<never>((subscriber) => {
        subscriber.error(new SendError(peer, attempts, error))
        peers.unresponsive(peer)
      })),
    )
  }

  return (peer: PeerId, message: OutgoingMessage): NowOrLater<number> => {
    const writer = outgoing.writer(peer)
    if (isObservable(writer)) return patiently(peer, message)
    const again = (error: unknown): Observable<number> => {
      outgoing.drop(peer)
      return patiently(peer, message, defer(() => { throw error }))
    }
    try {
      const written = writer.write(message)
      return isObservable(written) ? written.pipe(catchError(again)) : written
    } catch (error) {
      return again(error)
    }
  }
}

/** The peer will not speak Bitswap however often it is asked. */
const isUnsupported = (error: unknown): boolean =>
  error instanceof Error && error.name === 'UnsupportedProtocolError'
