import { join, sep } from 'node:path'
import { Failure } from '../failure.ts'

/** A name that a peer chose, as a path in `folder` and never outside of it. */
export const safeJoin = (folder: string, name: string): string => {
  const safe = name !== '' && name !== '.' && name !== '..'
    && !name.includes('/') && !name.includes(sep) && !name.includes('\0')
  if (safe) return join(folder, name)
  throw new Failure(
    `The folder has an entry named ${JSON.stringify(name)}, which could be written anywhere: `
    + 'nothing was kept; do not trust who made it',
  )
}
