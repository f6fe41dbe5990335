import { lstat, mkdtemp, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { Failure, failureOf } from '../failure.ts'

/** Where the result goes, once it is whole. */
export interface Destination {
  readonly path: string
  /** Beside the final path, on the same disk: what is written here moves in one step. */
  readonly temporaryPath: string
  /** Gives the result its final name. */
  commit(): Promise<void>
  /** Removes the temporary folder, and whatever is in it. */
  clear(): Promise<void>
}

/** Fails when the folder cannot be written, or when `path` exists and is not to be replaced. */
export const destinationAt = async (given: string, force: boolean): Promise<Destination> => {
  const path = resolve(given)
  await refuseExisting(path, force)
  const parent = dirname(path)
  const folder = await mkdtemp(join(parent, `.${basename(path)}.`)).catch((error: unknown) => {
    throw failureOf(error, parent)
  })
  const temporaryPath = join(folder, 'new')

  return {
    path,
    temporaryPath,
    commit: async () => {
      await refuseExisting(path, force)
      if (await exists(path)) await rename(path, join(folder, 'old'))
      await rename(temporaryPath, path)
    },
    clear: () => rm(folder, { recursive: true, force: true }),
  }
}

const refuseExisting = async (path: string, force: boolean): Promise<void> => {
  if (!force && await exists(path)) {
    throw new Failure(`${path} exists: choose another name with -o, or replace it with --force`)
  }
}

const exists = (path: string): Promise<boolean> => lstat(path).then(() => true, () => false)
