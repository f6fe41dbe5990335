import type { NotFoundError } from '../errors.ts'

/** What ends a command in a way its user can do something about: one line, what happened and what to do. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: ExitCode

  constructor (message: string, exitCode: ExitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** 1: it did not work. 2: it was not asked for in the right way. 128 and more: a signal ended it. */
export type ExitCode = 1 | 2 | 130 | 141 | 143

/** Any error as a failure of one line. `path` is what to name rather than the path in the error. */
export const failureOf = (error: unknown, path?: string): Failure => {
  if (error instanceof Failure) return error
  const cause = rootOf(error)
  const { name, message } = cause
  if (name === 'NotFoundError' && 'evidence' in cause) return notFound(cause as NotFoundError)
  return ofSystem(cause, path) ?? new Failure(`${name}: ${message.replaceAll(/\s*\n\s*/g, ' ')}`)
}

/** The innermost error knows best; the ones around it say which block it was. */
const rootOf = (error: unknown): Error => {
  if (!(error instanceof Error)) return new Error(String(error))
  return error.cause instanceof Error ? rootOf(error.cause) : error
}

const notFound = ({ cid, evidence }: NotFoundError): Failure =>
  new Failure(evidence.length === 0
    ? `No peer to ask for ${cid}: name one that has it with --from`
    : `Nobody asked has ${cid} (${evidence.map(({ peer, verdict }) => `${peer}: ${verdict}`).join(', ')}): name a peer that has it with --from`)

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space, or choose another folder',
  EDQUOT: 'Your disk quota is used up: free some space, or choose another folder',
  EFBIG: 'The file is larger than is allowed here: choose another folder, or raise the limit (ulimit -f)',
  EACCES: 'No permission: choose a folder you may use, or change its permissions',
  EPERM: 'Not permitted: choose a folder you may use, or change its permissions',
  EROFS: 'The disk is read-only: choose a folder on another one',
  ENOENT: 'There is no such file or folder: check the path, or create the folder first',
  ENOTDIR: 'A part of the path is not a folder: check the path',
  EMFILE: 'Too many open files: lower --concurrency, or raise the limit (ulimit -n)',
  ENAMETOOLONG: 'The name is too long for this disk: choose another one',
  EADDRINUSE: 'The address is in use: choose another port with --listen',
  EADDRNOTAVAIL: 'This machine does not have that address: choose another one with --listen',
}

/** Stores put the system's error into their message; its code is the first thing in it. */
const ofSystem = (
  { message }: Error,
  path = /'([^']+)'/.exec(message)?.[1],
): Failure | undefined => {
  const code = Object.keys(ADVICE).find((known) => message.includes(`${known}:`))
  if (code === undefined) return undefined
  return new Failure(path === undefined ? `${ADVICE[code]}` : `${ADVICE[code]} (${path})`)
}
