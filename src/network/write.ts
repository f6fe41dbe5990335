import type { Stream } from '@libp2p/interface'
import { Observable, type Subscriber } from 'rxjs'
import { TimeoutError } from '../errors.ts'
import { encodeFrame } from '../message/encode.ts'
import type { OutgoingMessage } from '../message/message.ts'
import type { ProtocolVersion } from '../message/protocols.ts'
import { messageSize } from '../message/size.ts'
import type { Clock, NowOrLater } from '../ports.ts'
import { deadlineMs, MIN_DEADLINE_MS } from './deadline.ts'
import { lateness } from './lateness.ts'
import { listen } from './listen.ts'

/** Writes messages to one stream, one after another. */
export interface StreamWriter {
  readonly stream: Stream
  /**
   * Gives the encoded size, in bytes, once the stream can take more, which is at once while the
   * peer keeps up. Errors when the stream ends first, or after `deadlineMs`.
   */
  write(message: OutgoingMessage): NowOrLater<number>
  /** Leaves no timer and no listener. */
  stop(): void
}

/** A message of which the stream has not written everything. */
interface Unwritten {
  readonly byteLength: number
  readonly subscriber: Subscriber<number>
}

export const streamWriter = (clock: Clock, stream: Stream): StreamWriter => {
  // Only these are ever asked for.
  const protocol = stream.protocol as ProtocolVersion
  let unwritten: Unwritten | undefined
  let stopListening: (() => void) | undefined

  const end = (): Unwritten | undefined => {
    const ended = unwritten
    unwritten = undefined
    late.whole()
    return ended
  }
  const late = lateness(clock, MIN_DEADLINE_MS, () => {
    const { subscriber, byteLength } = end()!
    subscriber.error(new TimeoutError(`Sending ${byteLength} bytes`, deadlineMs(byteLength)))
  })
  /**
   * A `drain` event may stand for as little as one window update, and `onDrain()` resolves early
   * from its second use on. The stream goes on writing in a microtask of its own, which `drain`
   * started before ours.
   */
  const onDrain = (): void => queueMicrotask(() => {
    if (stream.writableNeedsDrain || stream.writeBufferLength > 0) return
    const written = end()
    written?.subscriber.next(written.byteLength)
    written?.subscriber.complete()
  })

  const stop = (): void => {
    late.stop()
    stopListening?.()
  }
  const wait = (byteLength: number): Observable<number> => new Observable((subscriber) => {
    unwritten = { byteLength, subscriber }
    late.unfinished(deadlineMs(byteLength) - MIN_DEADLINE_MS)
    stopListening ??= listen(stream, {
      drain: onDrain,
      close: ({ error }) => {
        stop()
        end()?.subscriber.error(error ?? new Error('the stream is closed'))
      },
    })
    return () => {
      if (unwritten?.subscriber === subscriber) end()
    }
  })

  return {
    stream,
    write: (message) => {
      const size = messageSize(message, protocol)
      return stream.send(encodeFrame(message, protocol, size)) ? size.message : wait(size.message)
    },
    stop,
  }
}
