import { join, sep } from 'node:path'
import { Failure } from '../failure.ts'

/** A name that a peer chose, as a path in `folder` and never outside of it. */
export const safeJoin = (folder: string, name: string): string => {
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name) || name.includes(sep)) {
    throw new Failure(`An entry of the folder is named ${JSON.stringify(name)}, which could be written anywhere: nothing was kept`)
  }
  return join(folder, name)
}
