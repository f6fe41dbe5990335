import type { ClientOptions } from '../options.ts'
import type { Clock } from '../ports.ts'
import type { Answers } from './answers.ts'
import type { Request } from './contract.ts'
import type { Line } from './line.ts'
import { patienceEnds } from './patience.ts'
import type { Ranking } from './ranking.ts'
import type { Ask, PeerWants, Want } from './want.ts'

/**
 * A silent peer counts as DONT_HAVE. Silent is who has said nothing at all for the timeout, not who
 * is still busy with what was asked before; or who has answered a whole window of later wants and
 * left this one out. One timer serves all peers.
 */
export interface DontHaveTimeout<R extends Request> {
  /** The peer owes answers, or said something: look again when it may have fallen silent. */
  watch(peer: PeerWants<R>): void
  /** Look again at this time, in clock ms. */
  watchAt(time: number): void
  stop(): void
}

/**
 * How long a peer may be silent, in ms. Twice its mean latency (boxo `DontHaveTimeoutConfig`) and
 * four times the mean deviation (as TCP, RFC 6298): an uneven peer is not a silent one.
 */
export const timeoutOf = <R extends Request>(
  { latencyMs, jitterMs }: PeerWants<R>,
  { dontHaveTimeoutMs, minDontHaveTimeoutMs, maxDontHaveTimeoutMs }: ClientOptions,
): number => latencyMs === undefined
  ? dontHaveTimeoutMs
  : Math.min(maxDontHaveTimeoutMs, Math.max(
    minDontHaveTimeoutMs,
    latencyMs * LATENCY_MULTIPLIER + jitterMs * JITTER_MULTIPLIER,
  ))

/** boxo `MessageLatencyMultiplier`. */
const LATENCY_MULTIPLIER = 2

/** RFC 6298 `K`. */
const JITTER_MULTIPLIER = 4

/** A timer that is later than this, in ms, tells that our own process stood still. */
const STALL_MS = 10

export interface DontHaveTimeoutDeps<R extends Request> {
  readonly clock: Clock
  readonly options: ClientOptions
  readonly ranking: Ranking<R>
  readonly line: Line<R>
  readonly unanswered: Answers<R>['unanswered']
  readonly enter: (task: () => void) => void
}

export const dontHaveTimeout = <R extends Request>(
  { clock, options, ranking, line, unanswered, enter }: DontHaveTimeoutDeps<R>,
): DontHaveTimeout<R> => {
  let armedFor = Infinity
  let disarm = (): void => {}
  /** When we last stood still: the silence of that time was ours. */
  let stalledAt = -Infinity

  const noteStall = (): void => {
    const now = clock.now()
    // Who is always late must look all the same.
    const isNew = now - stalledAt > options.maxDontHaveTimeoutMs
    if (now - armedFor > STALL_MS && isNew) stalledAt = now
  }

  /** Tells of the asks of a peer that have timed out. Returns when the next one may. */
  const lookAt = (peer: PeerWants<R>, now: number): number => {
    const quietSince = Math.max(peer.heardAt, stalledAt)
    const timeoutMs = timeoutOf(peer, options)
    let next = Infinity
    for (const ask of peer.asks.values()) {
      if (!ask.awaited) continue
      const due = Math.max(ask.sentAt, quietSince) + timeoutMs
      if (due <= now || isOvertaken(ask, options)) unanswered(ask.want, peer, 'timed-out')
      else next = Math.min(next, due)
    }
    return next
  }

  /** Returns when to look next. */
  const look = (): number => {
    const now = clock.now()
    let next = Infinity
    for (const peer of ranking.peers.values()) {
      if (peer.awaited > 0) next = Math.min(next, lookAt(peer, now))
    }
    for (const want of line.parked) {
      const ends = patienceEnds(want, options)
      if (ends <= now && isImpatient(want)) line.join(want)
      else if (ends > now) next = Math.min(next, ends)
    }
    return next
  }

  const watchAt = (time: number): void => {
    if (time >= armedFor) return
    disarm()
    armedFor = time
    // A second, immediate timer lets what has arrived meanwhile be read first: after a stall of our
    // own process, it is we who were silent.
    disarm = clock.after(Math.max(0, time - clock.now()), () => {
      noteStall()
      disarm = clock.after(0, () => {
        armedFor = Infinity
        enter(() => {
          watchAt(look())
        })
      })
    })
  }

  return {
    watchAt,
    watch: (peer) => {
      if (peer.awaited > 0) watchAt(clock.now() + timeoutOf(peer, options))
    },
    stop: () => {
      disarm()
    },
  }
}

const isImpatient = <R extends Request>({ requests }: Want<R>): boolean =>
  requests.some(({ kind, discovery, scope }) =>
    kind === 'block' && !discovery && scope.dialling === 0)

const isOvertaken = <R extends Request>(
  { number, peer }: Ask<R>,
  { maxWantsPerPeer }: ClientOptions,
): boolean =>
  number < peer.lastAnswered - maxWantsPerPeer
