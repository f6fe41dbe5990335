import { relative } from 'node:path'
import { argv, cwd } from 'node:process'

/** How this program was started, so that a command it prints can be pasted. */
export const ownCommand = (): string => {
  const program = argv[1] ?? ''
  // npx, so that the Node of a clone's own dependencies runs its sources.
  if (program.endsWith('.ts')) return `npx node ${relative(cwd(), program)}`
  return program.includes('node_modules') ? 'npx rx-bitswap' : 'rx-bitswap'
}
