import type { Stream } from '@libp2p/interface'
import type { Uint8ArrayList } from 'uint8arraylist'

/**
 * What may wait unread in a paused stream, in bytes: twice yamux's largest window. libp2p resets a
 * stream at 4 MiB, which a fast peer passes before it learns that we paused.
 */
export const MAX_PAUSED_BYTES = 32 * 1024 * 1024

/** What arrives on a stream, part by part; paused, the rest stays in the stream. */
export interface PausableParts {
  push(data: Uint8Array | Uint8ArrayList): void
  /** Hands out what waits, if anything does, and settles. */
  read(): void
  pause(): void
  resume(): void
  /** Forgets what waits. */
  clear(): void
}

export interface PausablePartsDeps {
  readonly onPart: (part: Uint8Array) => void
  /** Whatever may be handed out now has been. */
  readonly onSettled: (paused: boolean) => void
}

/**
 * May be paused and resumed from within `onPart`, so there is one `read` at a time, and the stream
 * itself is paused at the end of it: a resumed stream hands over what it kept at once, and one that
 * is paused within its own `resume` goes on telling the peer to send.
 */
export const pausableParts = (
  stream: Stream,
  { onPart, onSettled }: PausablePartsDeps,
): PausableParts => {
  const parts: Uint8Array[] = []
  let next = 0
  let reading = false
  let paused = false
  /** The stream itself is paused. */
  let held = false

  const handOut = (): void => {
    while (!paused) {
      const part = parts[next++]
      if (part === undefined) break
      onPart(part)
    }
    parts.splice(0, next)
    next = 0
  }

  const hold = (): void => {
    if (held || stream.readStatus !== 'readable') return
    held = true
    stream.maxReadBufferLength = Math.max(stream.maxReadBufferLength, MAX_PAUSED_BYTES)
    stream.pause()
  }

  const release = (): void => {
    held = false
    if (stream.readStatus === 'paused') stream.resume()
  }

  const read = (): void => {
    if (reading) return
    reading = true
    handOut()
    while (held && !paused) {
      release()
      handOut()
    }
    if (paused) hold()
    reading = false
    onSettled(paused)
  }

  return {
    push: (data) => {
      for (const part of data instanceof Uint8Array ? [data] : data) parts.push(part)
      read()
    },
    read,
    pause: () => {
      paused = true
      read()
    },
    resume: () => {
      paused = false
      read()
    },
    clear: () => { parts.length = 0 },
  }
}
