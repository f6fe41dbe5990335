import type { Stream, StreamMessageEvent } from '@libp2p/interface'
import { InvalidMessageError, TimeoutError } from '../errors.ts'
import { frameDecoder } from '../message/frame.ts'
import type { Clock } from '../ports.ts'
import { MIN_BYTES_PER_SECOND } from './deadline.ts'
import { lateness } from './lateness.ts'
import { listen } from './listen.ts'
import { pausableParts } from './pausable-parts.ts'
import type { PausableParts } from './pausable-parts.ts'

/**
 * Time that a peer has for a message once it has begun, in ms. What came of it earns it more, at
 * the rate of the slowest link that is waited for; time that we are paused does not count.
 */
export const MESSAGE_TIMEOUT_MS = 30_000

/** Reads one stream until it ends. */
export interface StreamReader extends Pick<PausableParts, 'pause' | 'resume'> {
  /** What the peer has sent of a message that is not whole yet. */
  readonly unfinishedBytes: number
  /** Stops reading; the stream stays as it is. */
  end(): void
}

export interface StreamReaderDeps {
  readonly clock: Clock
  /** A whole frame, a view on what was received. A throw is the peer's fault. */
  readonly onFrame: (body: Uint8Array) => void
  /** What was received and copied into a frame. */
  readonly onCopied?: ((piece: Uint8Array) => void) | undefined
  /** The peer has begun more than it may, here and on its other streams: asked as more comes. */
  readonly isTooMuch: () => boolean
  /** The peer sent what it may not; the stream was reset. */
  readonly onFault: (error: Error) => void
  /** Called once, however the stream ended. */
  readonly onEnd: () => void
}

/**
 * Call it in the tick in which libp2p hands the stream over: data waits for the first listener, but
 * other events do not. The stream's async iterator is no alternative, its queue knows no bound.
 */
export const readStream = (
  stream: Stream,
  { clock, onFrame, onCopied, isTooMuch, onFault, onEnd }: StreamReaderDeps,
): StreamReader => {
  let unfinishedBytes = 0
  let remoteEnded = false
  let ended = false

  const end = (): void => {
    if (ended) return
    ended = true
    parts.clear()
    late.stop()
    stopListening()
    onEnd()
  }
  const fail = (error: Error): void => {
    if (ended) return
    stream.abort(error)
    end()
    onFault(error)
  }

  const late = lateness(clock, MESSAGE_TIMEOUT_MS, () => {
    fail(new TimeoutError('A message', MESSAGE_TIMEOUT_MS))
  })
  const decoder = frameDecoder({
    onFrame: (body) => {
      unfinishedBytes = 0
      late.whole()
      onFrame(body)
    },
    onCopied,
  })
  const onPart = (part: Uint8Array): void => {
    try {
      unfinishedBytes += part.byteLength
      decoder.push(part)
    } catch (error) {
      fail(error as Error)
    }
  }
  const onSettled = (paused: boolean): void => {
    if (ended) return
    if (paused) late.whole()
    else if (!decoder.isMidFrame) {
      if (remoteEnded) end()
    } else if (remoteEnded) fail(new InvalidMessageError('The stream ended in a message'))
    else if (isTooMuch()) fail(new InvalidMessageError('Too much is unfinished'))
    else late.unfinished(1_000 * unfinishedBytes / MIN_BYTES_PER_SECOND)
  }
  const parts = pausableParts(stream, { onPart, onSettled })

  // In a microtask, because yamux reports the end before the data of the same packet, and hands
  // what waited for a listener over in a microtask, too.
  const onRemoteEnd = (): void => {
    remoteEnded = true
    queueMicrotask(parts.read)
  }
  const message = ({ data }: StreamMessageEvent): void => parts.push(data)
  const stopListening = listen(stream, { message, remoteCloseWrite: onRemoteEnd, close: end })
  // It may have ended, one way or another, before we listened.
  if (stream.remoteWriteStatus === 'closed') onRemoteEnd()

  return { ...parts, get unfinishedBytes () { return unfinishedBytes }, end }
}
