import type { Command, CommanderError } from 'commander'

/** Makes a mistake in usage one line on stderr, and exit code 2. */
export const reportMisuse = (command: Command, process: NodeJS.Process): Command =>
  command
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, 'rx-bitswap: ')),
    })
    .exitOverride((error) => exit(process, error))

/** Help that was asked for is no mistake; whatever else ends the parser is. */
const exit = (process: NodeJS.Process, { exitCode }: CommanderError): never =>
  process.exit(exitCode === 0 ? 0 : 2)
