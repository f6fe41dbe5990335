import { relative } from 'node:path'
import { argv, cwd, execPath } from 'node:process'

/** How this program was started, so that a command it prints can be pasted. */
export const ownCommand = (node = execPath, program = argv[1] ?? ''): string => {
  // With this Node: another one may not run sources.
  if (program.endsWith('.ts')) return `${quoted(node)} ${quoted(relative(cwd(), program))}`
  return program.includes('node_modules') ? 'npx rx-bitswap' : 'rx-bitswap'
}

/** A path as one word of a shell. */
export const quoted = (path: string): string =>
  /^[\w./\\:@+-]+$/.test(path) ? path : `"${path.replaceAll(/["$`]/g, '\\$&')}"`
