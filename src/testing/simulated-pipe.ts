import type { Subscriber } from 'rxjs'
import type { OutgoingMessage } from '../message/message.ts'
import type { Clock } from '../ports.ts'
import { messageBytes } from '../message/size.ts'

export interface LinkOptions {
  /** Time on the way, in ms, drawn for each message. Default 0. */
  readonly latencyMs: number | (() => number)
  /** Bytes a second that leave, each way. Default: no limit. */
  readonly bytesPerSecond: number
  /**
   * Bytes written and not yet read by the other side, above which a write waits. Default 256 KiB,
   * a fresh Yamux window.
   */
  readonly highWaterBytes: number
}

/** One way of a link: messages in order, each late by its size and the distance. */
export interface Pipe {
  /** Emits the size and completes once the pipe can take more; errors when it is closed before. */
  write(message: OutgoingMessage, subscriber: Subscriber<number>): void
  /** Loses what is on the way. */
  close(error: Error): void
}

/** Hands a message over; `onRead` is called when the receiver takes it. */
export type Deliver = (message: OutgoingMessage, byteLength: number, onRead: () => void) => void

interface Arrival {
  readonly at: number
  readonly message: OutgoingMessage
  readonly byteLength: number
}

export const simulatedPipe = (
  options: Partial<LinkOptions> & { readonly clock: Clock },
  deliver: Deliver,
): Pipe => {
  const { clock, latencyMs = 0, bytesPerSecond = Infinity, highWaterBytes = 256 * 1024 } = options
  const latency = typeof latencyMs === 'number' ? () => latencyMs : latencyMs
  const arrivals: Arrival[] = []
  let waiting: { readonly subscriber: Subscriber<number>, readonly byteLength: number }[] = []
  let unreadBytes = 0
  let freeAt = 0
  let lastArrival = 0
  let disarm: (() => void) | undefined

  const read = (byteLength: number): void => {
    unreadBytes -= byteLength
    if (unreadBytes > highWaterBytes) return
    const writes = waiting
    waiting = []
    for (const { subscriber, byteLength } of writes) {
      subscriber.next(byteLength)
      subscriber.complete()
    }
  }

  const arrive = (): void => {
    const arrival = arrivals.shift()
    disarm = undefined
    arm()
    if (arrival === undefined) return
    const { message, byteLength } = arrival
    deliver(message, byteLength, () => { read(byteLength) })
  }

  const arm = (): void => {
    const first = arrivals[0]
    if (first === undefined || disarm !== undefined) return
    disarm = clock.after(first.at - clock.now(), arrive)
  }

  return {
    write (message, subscriber) {
      const byteLength = messageBytes(message)
      freeAt = Math.max(freeAt, clock.now()) + byteLength / bytesPerSecond * 1000
      lastArrival = Math.max(lastArrival, freeAt + latency())
      arrivals.push({ at: lastArrival, message, byteLength })
      unreadBytes += byteLength
      arm()
      waiting.push({ subscriber, byteLength })
      if (unreadBytes <= highWaterBytes) read(0)
    },
    close (error) {
      disarm?.()
      arrivals.length = 0
      const writes = waiting
      waiting = []
      for (const { subscriber } of writes) subscriber.error(error)
    },
  }
}
