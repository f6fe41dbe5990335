import type { Multiaddr } from '@multiformats/multiaddr'
import { Command, Option } from 'commander'
import type { CID } from 'multiformats/cid'
import { takeUntil } from 'rxjs'
import { positiveInteger } from './arguments.ts'
import { cidParameter, fromOption, jsonOption } from './options.ts'
import { run } from './run.ts'

interface Flags {
  readonly concurrency: number
  readonly force: boolean
  readonly from: readonly Multiaddr[]
  readonly json: boolean
  readonly output?: string
  readonly record?: string
  readonly store?: string
}

export const getCommand = (process: NodeJS.Process): Command =>
  new Command('get')
    .description('Fetch a file or folder.')
    .addArgument(cidParameter())
    .addOption(fromOption())
    .option('-o, --output <path>', 'what to write (default: ./<cid>)')
    .option('--force', 'replace what is there', false)
    .option('--store <folder>', 'keep the blocks here, too, and go on from those that are here')
    .addOption(new Option('--concurrency <n>', 'blocks wanted at the same time')
      .argParser(positiveInteger)
      .default(128))
    .option('--record <file>', 'write what happens as a protocol marble')
    .addOption(jsonOption())
    .action(async (cid: CID, { json, output = cid.toString(), record, store, ...flags }: Flags) => {
      // Not before it is known to be needed: libp2p takes half a second to load.
      const { get } = await import('./get.ts')
      await run(process, json, ({ reportMs, interrupted$ }) =>
        get({ ...flags, cid, output, record, store, reportMs }).pipe(takeUntil(interrupted$)))
    })
