import { hashers } from '../adapters/hashers.ts'
import { InvalidBlockError } from '../errors.ts'
import type { NotFoundError } from '../errors.ts'

/** What ends a command, as one line for its user: what happened, and what to do. */
export class Failure extends Error {
  override readonly name = 'Failure'
}

/** Any error as a failure of one line, naming `path` rather than the path in the error. */
export const failureOf = (error: unknown, path?: string): Failure => {
  const cause = rootOf(error)
  if (cause instanceof Failure) return cause
  const { name, message } = cause
  if (name === 'TimeoutError') return new Failure('no answer in time')
  if (name === 'NotFoundError' && 'evidence' in cause) return notFound(cause as NotFoundError)
  if (cause instanceof InvalidBlockError && hasUnknownHash(cause)) return unknownHash(cause)
  return ofSystem(cause, path) ?? new Failure(`${name}: ${message.replaceAll(/\s*\n\s*/g, ' ')}`)
}

/** The innermost error knows best; the ones around it say which block it was. */
const rootOf = (error: unknown): Error => {
  if (!(error instanceof Error)) return new Error(String(error))
  // One for each address that was dialled.
  if (error instanceof AggregateError && error.errors.length > 0) return rootOf(error.errors[0])
  return error.cause instanceof Error ? rootOf(error.cause) : error
}

const notFound = ({ cid, evidence }: NotFoundError): Failure => {
  const said = evidence.map(({ peer, verdict }) => `${peer}: ${verdict}`).join(', ')
  if (evidence.some(({ verdict }) => verdict !== 'dont-have')) {
    return new Failure(
      `Nobody gave ${cid} (${said}): that peer is gone or silent; start it again there and get `
      + 'again here, which with --store goes on where it ended',
    )
  }
  return new Failure(
    `Nobody has ${cid} (${said || 'no peer to ask'}): name a peer that has it with --from`,
  )
}

const hasUnknownHash = ({ cid }: InvalidBlockError): boolean =>
  hashers()(cid.multihash.code) === undefined

/** Its own advice is for programs. */
const unknownHash = ({ cid }: InvalidBlockError): Failure => {
  const code = `0x${cid.multihash.code.toString(16)}`
  return new Failure(`${cid} cannot be fetched: its hash function (${code}) is not supported here`)
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space, or choose another folder',
  EDQUOT: 'Your disk quota is used up: free some space, or choose another folder',
  EFBIG: 'The file is larger than is allowed here: raise the limit (ulimit -f)',
  EACCES: 'No permission: choose a folder you may use, or change its permissions',
  'listen EACCES': 'No permission to listen there: choose a port of 1024 or more with --listen',
  EPERM: 'Not permitted: choose a folder you may use, or change its permissions',
  EROFS: 'The disk is read-only: choose a folder on another one',
  ENOENT: 'There is no such file or folder: check the path, or create the folder first',
  EISDIR: 'It is a folder: name a file',
  ENOTDIR: 'A part of the path is not a folder: check the path',
  EMFILE: 'Too many open files: lower --concurrency, or raise the limit (ulimit -n)',
  ENAMETOOLONG: 'The name is too long for this disk: choose another one',
  EADDRINUSE: 'The address is in use: choose another port with --listen',
  EADDRNOTAVAIL: 'This machine does not have that address: choose another one with --listen',
}

/** What stands in a path for bytes that are no text: as text the path leads nowhere. */
const UNDECODED = '\uFFFD'
const NOT_UTF8 = 'The name of this file is not UTF-8: rename it'

/** What a dial runs into. */
const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody is listening there',
  ECONNRESET: 'the connection was closed',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ENOTFOUND: 'there is no host of that name',
  ETIMEDOUT: 'no answer',
}

/** By the code in the message: stores and libp2p hand on no more than that. */
const ofSystem = (
  { message }: Error,
  path = /'([^']+)'/.exec(message)?.[1],
): Failure | undefined => {
  const code = /\b(listen EACCES|E[A-Z]{3,})\b/.exec(message)?.[0] ?? ''
  const network = NETWORK[code]
  if (network !== undefined) return new Failure(network)
  const advice = code === 'ENOENT' && path?.includes(UNDECODED) === true ? NOT_UTF8 : ADVICE[code]
  if (advice === undefined) return undefined
  return new Failure(path === undefined ? advice : `${advice} (${path})`)
}
