import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const PROGRAM = fileURLToPath(new URL('touch-memory.ts', import.meta.url))

/**
 * Has another process use, and give back, as much memory as a job needs. A virtual machine pays for
 * a page five times as much if its host has to find it first, and hosts take back what is not used:
 * a job would be charged for what ran before it (D-026).
 */
export const usedMemory = async (): Promise<void> => {
  await promisify(execFile)(process.execPath, [PROGRAM])
}
