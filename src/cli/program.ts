import { multiaddr } from '@multiformats/multiaddr'
import { Argument, Command, Option } from 'commander'
import type { CommanderError } from 'commander'
import { takeUntil } from 'rxjs'
import { addresses, cidArgument, positiveInteger } from './arguments.ts'
import { dataFolder } from './data-folder.ts'
import { get } from './get.ts'
import type { GetOptions } from './get.ts'
import { have } from './have.ts'
import type { HaveOptions } from './have.ts'
import { run } from './run.ts'
import { serve } from './serve.ts'
import type { ServeOptions } from './serve.ts'
import { version } from './version.ts'

/** The command line of a process. */
export const program = (process: NodeJS.Process): Command => {
  const main = new Command('rx-bitswap')
    .description('Move files and folders from peer to peer over Bitswap.')
    .version(version())
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'rx-bitswap: ')) })
    .exitOverride((error) => exit(process, error))
  main.addCommand(serveCommand(process).copyInheritedSettings(main))
  main.addCommand(getCommand(process).copyInheritedSettings(main))
  main.addCommand(haveCommand(process).copyInheritedSettings(main))
  return main
}

/** Help that was asked for is no failure; anything else that commander ends is a mistake in usage. */
const exit = (process: NodeJS.Process, { exitCode }: CommanderError): never => {
  process.exit(exitCode === 0 ? 0 : 2)
}

const JSON_OPTION = ['--json', 'print every report as one line of JSON'] as const
const cid = (): Argument => new Argument('<cid>', 'what serve printed').argParser(cidArgument)
const from = (): Option =>
  new Option('--from <multiaddr...>', 'peers to ask').argParser(addresses).makeOptionMandatory()

interface Output { readonly json?: true }

const serveCommand = (process: NodeJS.Process): Command =>
  new Command('serve')
    .description('Import a file or folder, and serve it until Ctrl-C.')
    .argument('<path>', 'the file or folder')
    .addOption(new Option('--listen <multiaddr...>', 'addresses to listen on')
      .argParser(addresses).default([multiaddr('/ip4/0.0.0.0/tcp/0')], '/ip4/0.0.0.0/tcp/0'))
    .option('--store <folder>', 'where the blocks go', dataFolder())
    .option('--memory', 'keep the blocks in memory, not in a folder')
    .option(...JSON_OPTION)
    .action((path: string, { json, memory, store, listen }: ServeFlags) => {
      run(process, json === true, ({ reportMs, interrupted$ }) => serve({
        path, listen, store: memory === true ? undefined : store, reportMs, until$: interrupted$,
      }))
    })

type ServeFlags = Output & Pick<ServeOptions, 'listen'> & { store: string, memory?: true }

const getCommand = (process: NodeJS.Process): Command =>
  new Command('get')
    .description('Fetch a file or folder.')
    .addArgument(cid())
    .addOption(from())
    .option('-o, --output <path>', 'what to write; by default ./<cid>')
    .option('--force', 'replace what is there')
    .option('--store <folder>', 'keep the blocks here, too, and go on from those that are here')
    .addOption(new Option('--concurrency <n>', 'blocks wanted at the same time')
      .argParser(positiveInteger).default(128))
    .option(...JSON_OPTION)
    .action((wanted: GetOptions['cid'], { json, output, force, store, ...flags }: GetFlags) => {
      run(process, json === true, ({ reportMs, interrupted$ }) => get({
        ...flags,
        cid: wanted,
        output: output ?? wanted.toString(),
        force: force === true,
        store,
        reportMs,
      }).pipe(takeUntil(interrupted$)))
    })

type GetFlags = Output & Pick<GetOptions, 'from' | 'concurrency'> & {
  output?: string
  force?: true
  store?: string
}

const haveCommand = (process: NodeJS.Process): Command =>
  new Command('have')
    .description('Tell which of the peers have a block.')
    .addArgument(cid())
    .addOption(from())
    .option('--watch', 'stay, and tell when an answer changes, until Ctrl-C')
    .option(...JSON_OPTION)
    .action((wanted: HaveOptions['cid'], { json, watch, ...flags }: HaveFlags) => {
      run(process, json === true, ({ interrupted$ }) =>
        have({ ...flags, cid: wanted, watch: watch === true }).pipe(takeUntil(interrupted$)))
    })

type HaveFlags = Output & Pick<HaveOptions, 'from'> & { watch?: true }
