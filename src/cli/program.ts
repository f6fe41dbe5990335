import { Command } from 'commander'
import type { CommanderError } from 'commander'
import { getCommand } from './get-command.ts'
import { haveCommand } from './have-command.ts'
import { serveCommand } from './serve-command.ts'
import { version } from './version.ts'

/** The command line of a process. */
export const program = (process: NodeJS.Process): Command => {
  const main = new Command('rx-bitswap')
    .description('Move files and folders from peer to peer over Bitswap.')
    .version(version())
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'rx-bitswap: ')),
    })
    .exitOverride((error) => exit(process, error))
  for (const command of [serveCommand(process), getCommand(process), haveCommand(process)]) {
    main.addCommand(command.copyInheritedSettings(main))
  }
  return main
}

/** Help that was asked for is no failure; whatever else ends the parser is a mistake in usage. */
const exit = (process: NodeJS.Process, { exitCode }: CommanderError): never =>
  process.exit(exitCode === 0 ? 0 : 2)
