import type { Stream } from '@libp2p/interface'
import { endWith, Observable } from 'rxjs'
import type { OutgoingMessage } from '../message/message.ts'
import { encodeFrame } from '../message/encode.ts'
import type { ProtocolVersion } from '../message/protocols.ts'
import { messageSize } from '../message/size.ts'
import type { Clock, NowOrLater } from '../ports.ts'
import { deadlineMs, within } from './deadline.ts'
import { listen } from './listen.ts'

/**
 * Writes a message. Gives its encoded size, in bytes, once the stream can take more, which is at
 * once while the peer keeps up. Errors when the stream ends first, or after `deadlineMs`.
 */
export const write = (
  clock: Clock,
  stream: Stream,
  message: OutgoingMessage,
): NowOrLater<number> => {
  // Only these are ever asked for.
  const protocol = stream.protocol as ProtocolVersion
  const size = messageSize(message, protocol)
  const byteLength = size.message
  if (stream.send(encodeFrame(message, protocol, size))) return byteLength
  return drained(stream).pipe(
    within(clock, deadlineMs(byteLength), `Sending ${byteLength} bytes`),
    endWith(byteLength),
  )
}

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
