import { Command } from 'commander'
import { getCommand } from './get-command.ts'
import { haveCommand } from './have-command.ts'
import { reportMisuse } from './misuse.ts'
import { serveCommand } from './serve-command.ts'
import { version } from './version.ts'

/** The command line of a process. */
export const program = (process: NodeJS.Process): Command => {
  const main = new Command('rx-bitswap')
    .description('Move files and folders from peer to peer over Bitswap.')
    .version(version())
  reportMisuse(main, process)
  for (const command of [serveCommand(process), getCommand(process), haveCommand(process)]) {
    main.addCommand(command.copyInheritedSettings(main))
  }
  return main
}
