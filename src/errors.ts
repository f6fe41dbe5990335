import type { PeerId } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'

// Fields are declared where the constructor defines them: defined twice, they would only be longer.

/** What one peer is known to say of a block when a want is given up. */
export interface Evidence {
  /** The address where the peer is not even known by name. */
  readonly peer: PeerId | Multiaddr
  readonly verdict: 'dont-have' | 'timed-out' | 'unreachable'
}

/** Every peer that could be asked has been, and none has the block. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError'
  declare readonly cid: CID
  declare readonly evidence: readonly Evidence[]

  constructor (cid: CID, evidence: readonly Evidence[]) {
    const verdicts = evidence.map(({ peer, verdict }) => `${peer} ${verdict}`).join(', ')
    super(evidence.length === 0
      ? `No peer to ask for ${cid}: connect to a peer that has it, or allow discovery`
      : `None of the ${evidence.length} peers asked has ${cid}: ${verdicts}`)
    this.cid = cid
    this.evidence = evidence
  }
}

/** Something did not happen within its time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
  declare readonly timeoutMs: number

  constructor (what: string, timeoutMs: number) {
    super(`${what} took longer than ${timeoutMs} ms`)
    this.timeoutMs = timeoutMs
  }
}

/** A CID that cannot be wanted, or a block that can never match it. */
export class InvalidBlockError extends Error {
  override readonly name = 'InvalidBlockError'
  declare readonly cid: CID

  constructor (cid: CID, reason: string) {
    super(`${cid} cannot be fetched: ${reason}`)
    this.cid = cid
  }
}

/** A peer sent bytes that are not a Bitswap message. Ends that stream, nothing else. */
export class InvalidMessageError extends Error {
  override readonly name = 'InvalidMessageError'
}

/** A message could not be delivered, retries included. */
export class SendError extends Error {
  override readonly name = 'SendError'
  declare readonly peer: PeerId
  declare readonly attempts: number

  constructor (peer: PeerId, attempts: number, cause: unknown) {
    super(`Could not send to ${peer} after ${attempts} attempts: ${reason(cause)}`, { cause })
    this.peer = peer
    this.attempts = attempts
  }
}

/** A peer could not be reached, or does not speak Bitswap. */
export class DialError extends Error {
  override readonly name = 'DialError'
  declare readonly target: string

  constructor (target: string, cause: unknown) {
    super(`Could not reach ${target}: ${reason(cause)}`, { cause })
    this.target = target
  }
}

/** The blockstore failed to read or write a block. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  declare readonly cid: CID

  constructor (operation: 'read' | 'write', cid: CID, cause: unknown) {
    super(`The blockstore could not ${operation} ${cid}: ${reason(cause)}`, { cause })
    this.cid = cid
  }
}

/** The exchange was stopped, or was not started. */
export class NotStartedError extends Error {
  override readonly name = 'NotStartedError'

  constructor () {
    super('The exchange is not running: call start()')
  }
}

/** More was asked to be held than a stated bound allows. */
export class OverloadedError extends Error {
  override readonly name = 'OverloadedError'
  declare readonly limit: number

  constructor (what: string, limit: number) {
    super(`More than ${limit} ${what} are waiting: slow the source, or pass an iterable`)
    this.limit = limit
  }
}

const reason = (cause: unknown): string => cause instanceof Error ? cause.message : String(cause)
