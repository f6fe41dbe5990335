import type { Stream } from '@libp2p/interface'
import type { Uint8ArrayList } from 'uint8arraylist'
import { InvalidMessageError, TimeoutError } from '../errors.ts'
import { frameDecoder } from '../message/frame.ts'
import type { Clock } from '../ports.ts'
import { lateness } from './lateness.ts'

/**
 * What may wait unread in a paused stream, in bytes: twice yamux's largest window. libp2p resets a
 * stream at 4 MiB, which a fast peer passes before it learns that we paused.
 */
export const MAX_PAUSED_BYTES = 32 * 1024 * 1024

/** Time that a peer has for a message once it has begun, in ms; time that we are paused is ours. */
export const MESSAGE_TIMEOUT_MS = 30_000

/** Reads one stream until it ends. */
export interface StreamReader {
  /** Leaves what the peer sends in the stream, so that the peer has to stop. */
  pause(): void
  resume(): void
  /** Stops reading; the stream stays as it is. */
  end(): void
}

export interface StreamReaderDeps {
  readonly clock: Clock
  /** A whole frame, a view on what was received. A throw is the peer's fault. */
  readonly onFrame: (body: Uint8Array) => void
  /** The peer sent what it may not; the stream was reset. */
  readonly onFault: (error: Error) => void
  /** The last call, however the stream ended. */
  readonly onEnd: () => void
}

/**
 * Call it in the tick in which libp2p hands the stream over: data waits for the first listener, but
 * other events do not. The stream's async iterator is no alternative, its queue knows no bound.
 */
export const readStream = (
  stream: Stream,
  { clock, onFrame, onFault, onEnd }: StreamReaderDeps,
): StreamReader => {
  /** Received, not decoded yet: longer than one read only if we are paused in the middle of it. */
  const parts: Uint8Array[] = []
  let next = 0
  let reading = false
  let paused = false
  /** The stream itself is paused. Follows `paused` at the end of a read. */
  let held = false
  let remoteEnded = false
  let ended = false

  const late = lateness(clock, MESSAGE_TIMEOUT_MS, () => {
    fail(new TimeoutError('A message', MESSAGE_TIMEOUT_MS))
  })
  const decoder = frameDecoder({
    onFrame: (body) => {
      late.whole()
      onFrame(body)
    },
  })

  const end = (): void => {
    if (ended) return
    ended = true
    parts.length = 0
    late.stop()
    stream.removeEventListener('message', onMessage)
    stream.removeEventListener('remoteCloseWrite', onRemoteEnd)
    stream.removeEventListener('close', end)
    onEnd()
  }

  const fail = (error: Error): void => {
    if (ended) return
    stream.abort(error)
    end()
    onFault(error)
  }

  const decode = (): void => {
    while (!paused && !ended) {
      const part = parts[next]
      if (part === undefined) return
      next++
      try {
        decoder.push(part)
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)))
      }
    }
  }

  const hold = (): void => {
    if (held || stream.readStatus !== 'readable') return
    held = true
    stream.maxReadBufferLength = Math.max(stream.maxReadBufferLength, MAX_PAUSED_BYTES)
    stream.pause()
  }

  /** Hands what the stream kept to `onMessage`, inside the call. */
  const release = (): void => {
    held = false
    if (stream.readStatus === 'paused') stream.resume()
  }

  // One read at a time: a frame's receiver may pause and resume, and a resumed stream hands over data
  // at once. A stream paused inside its own `resume` would go on telling the peer to send.
  const read = (): void => {
    if (reading || ended) return
    reading = true
    decode()
    while (held && !paused && !ended) {
      release()
      decode()
    }
    reading = false
    if (!ended) settle()
  }

  const settle = (): void => {
    parts.splice(0, next)
    next = 0
    if (paused) {
      late.whole()
      hold()
    } else if (!decoder.isMidFrame) {
      if (remoteEnded) end()
    } else if (remoteEnded) {
      fail(new InvalidMessageError('The stream ended in the middle of a message'))
    } else late.unfinished()
  }

  const onMessage = ({ data }: { readonly data: Uint8Array | Uint8ArrayList }): void => {
    if (data instanceof Uint8Array) parts.push(data)
    else for (const part of data) parts.push(part)
    read()
  }

  // Yamux reports the end before the data of the same packet.
  const onRemoteEnd = (): void => {
    remoteEnded = true
    queueMicrotask(read)
  }

  stream.addEventListener('message', onMessage)
  stream.addEventListener('remoteCloseWrite', onRemoteEnd)
  stream.addEventListener('close', end)
  // What happened before we came; data that waits is handed over by a microtask of its own first.
  if (stream.status !== 'open') queueMicrotask(end)
  else if (stream.remoteWriteStatus === 'closed') onRemoteEnd()

  return {
    pause: () => {
      paused = true
      read()
    },
    resume: () => {
      paused = false
      read()
    },
    end,
  }
}
