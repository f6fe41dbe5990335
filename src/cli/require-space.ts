import { statfs } from 'node:fs/promises'
import { Failure } from './failure.ts'
import { formatBytes } from './format.ts'

/** Better before than in the middle, where the disk tells how large it is. */
export const requireSpace = async (folder: string, needed: number): Promise<void> => {
  const disk = await statfs(folder).catch(() => undefined)
  if (disk === undefined || disk.blocks === 0) return
  const free = disk.bavail * disk.bsize
  if (free >= needed) return
  throw new Failure(
    `${formatBytes(needed)} are needed and the disk of ${folder} has ${formatBytes(free)}: `
    + 'free some space, or choose another folder',
  )
}
