import type { Stream } from '@libp2p/interface'
import { Observable } from 'rxjs'
import type { OutgoingMessage } from '../message/message.ts'
import { encodeFrame } from '../message/encode.ts'
import type { ProtocolVersion } from '../message/protocols.ts'
import { messageBytes } from '../message/size.ts'
import type { Clock } from '../ports.ts'
import { deadlineMs, within } from './deadline.ts'
import { listen } from './listen.ts'

/**
 * Writes a message, cold: subscribing writes. Emits its encoded size, in bytes, and completes once
 * the stream can take more, which is at once while the peer keeps up. Errors when the stream ends
 * first, or after `deadlineMs`.
 */
export const write = (
  clock: Clock,
  stream: Stream,
  message: OutgoingMessage,
): Observable<number> => new Observable((subscriber) => {
  // Only these are ever asked for.
  const protocol = stream.protocol as ProtocolVersion
  const byteLength = messageBytes(message, protocol)
  const written = (): void => {
    subscriber.next(byteLength)
    subscriber.complete()
  }
  if (stream.send(encodeFrame(message, protocol))) return written()
  return drained(stream)
    .pipe(within(clock, deadlineMs(byteLength), `Sending ${byteLength} bytes`))
    .subscribe({ error: (error: unknown) => subscriber.error(error), complete: written })
})

/**
 * Completes when nothing waits in the stream; errors if the stream ends. A `drain` event may stand
 * for as little as one window update, and `onDrain()` resolves early from its second use on.
 */
const drained = (stream: Stream): Observable<never> => new Observable((subscriber) => {
  // The stream goes on writing in a microtask of its own, which `drain` started before ours.
  const onDrain = (): void => queueMicrotask(() => {
    if (!stream.writableNeedsDrain && stream.writeBufferLength === 0) subscriber.complete()
  })
  return listen(stream, {
    drain: onDrain,
    close: ({ error }) => subscriber.error(error ?? new Error('the stream was closed')),
  })
})
