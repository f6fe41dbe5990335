import { multiaddr } from '@multiformats/multiaddr'
import type { Multiaddr } from '@multiformats/multiaddr'
import { Command, Option } from 'commander'
import { addresses } from './arguments.ts'
import { dataFolder } from './data-folder.ts'
import { jsonOption } from './options.ts'
import { run } from './run.ts'

interface Flags {
  readonly json: boolean
  readonly listen?: readonly Multiaddr[]
  readonly memory: boolean
  readonly store: string
}

const EVERY_INTERFACE = '/ip4/0.0.0.0/tcp/0'

export const serveCommand = (process: NodeJS.Process): Command =>
  new Command('serve')
    .description('Import a file or folder, and serve it until Ctrl-C.')
    .argument('<path>', 'the file or folder')
    .addOption(new Option('--listen <multiaddr...>', 'where to listen')
      .argParser(addresses)
      .default(undefined, EVERY_INTERFACE))
    .option('--store <folder>', 'where the blocks are kept', dataFolder())
    .option('--memory', 'keep the blocks in memory, not in a folder', false)
    .addOption(jsonOption())
    .action(async (path: string, { json, memory, store, ...flags }: Flags) => {
      const { serve } = await import('./serve.ts')
      const { listen = [multiaddr(EVERY_INTERFACE)] } = flags
      await run(process, json, ({ reportMs, interrupted$ }) =>
        serve({
          path, listen, store: memory ? undefined : store, reportMs, until$: interrupted$,
        }))
    })
