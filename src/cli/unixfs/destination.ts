import { lstat, mkdtemp, realpath, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { cwd } from 'node:process'
import { Failure, failureOf } from '../failure.ts'

/** Where the result goes, once it is whole. */
export interface Destination {
  readonly path: string
  /** Beside the final path, on the same disk: what is written here moves in one step. */
  readonly temporaryPath: string
  /** Gives the result its final name. Fails when what it replaces cannot be removed. */
  commit(): Promise<void>
  /** Removes the temporary folder, and what can be removed of it. */
  clear(): Promise<void>
}

/**
 * Fails when the folder cannot be written, when `path` exists and is not to be replaced, and when
 * replacing it would remove the current folder.
 */
export const destinationAt = async (given: string, force: boolean): Promise<Destination> => {
  const path = resolve(given)
  await refuseCurrent(path)
  await refuseExisting(path, force)
  const parent = dirname(path)
  const hint = basename(path).slice(0, MAX_HINT)
  const folder = await mkdtemp(join(parent, `.${hint}.`)).catch((error: unknown) => {
    throw failureOf(error, parent)
  })
  const temporaryPath = join(folder, 'new')

  return {
    path,
    temporaryPath,
    commit: async () => {
      await refuseExisting(path, force)
      const old = join(folder, 'old')
      if (await exists(path)) await rename(path, old)
      await rename(temporaryPath, path)
      await rm(old, RECURSIVE).catch((error: unknown) => {
        const { message } = failureOf(error)
        throw new Failure(`${path} is there, but not all that it replaced could be removed `
          + `(${message}): remove ${old} yourself`)
      })
    },
    // What is left is no reason to fail: what matters of it has been told.
    clear: () => rm(folder, RECURSIVE).catch(() => {}),
  }
}

/** Of the final name, in the temporary one: a name may be as long as the disk allows. */
const MAX_HINT = 32

const RECURSIVE = { recursive: true, force: true }

const refuseCurrent = async (path: string): Promise<void> => {
  const parent = await realpath(dirname(path)).catch((error: unknown) => {
    throw failureOf(error, dirname(path))
  })
  const [firstStep] = relative(join(parent, basename(path)), cwd()).split(sep)
  if (firstStep === '..') return
  throw new Failure(
    `${path} is the folder that you are in, or holds it: choose another name with -o`,
  )
}

const refuseExisting = async (path: string, force: boolean): Promise<void> => {
  if (!force && await exists(path)) {
    throw new Failure(`${path} exists: choose another name with -o, or replace it with --force`)
  }
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(() => true, (error: unknown) => {
    // Better known before than when all is there.
    if ((error as NodeJS.ErrnoException).code === 'ENAMETOOLONG') throw failureOf(error)
    return false
  })
