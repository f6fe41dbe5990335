/** Uses memory, and ends: the program of `usedMemory`. */

const MIB = 1024 * 1024

/** More than any job holds. */
const BYTES = 1_536 * MIB

const used: Buffer[] = []
for (let left = Math.min(BYTES, process.availableMemory() / 2); left > 0; left -= 64 * MIB) {
  used.push(Buffer.alloc(64 * MIB, 1))
}
