import type { Multiaddr } from '@multiformats/multiaddr'
import { Command } from 'commander'
import type { CID } from 'multiformats/cid'
import { takeUntil } from 'rxjs'
import { cidParameter, fromOption, jsonOption } from './options.ts'
import { run } from './run.ts'

interface Flags {
  readonly from: readonly Multiaddr[]
  readonly json: boolean
  readonly watch: boolean
}

export const haveCommand = (process: NodeJS.Process): Command =>
  new Command('have')
    .description('Tell which peers have a block, as they answer.')
    .addArgument(cidParameter())
    .addOption(fromOption())
    .option('--watch', 'stay until Ctrl-C, and tell when an answer changes', false)
    .addOption(jsonOption())
    .action(async (cid: CID, { from, json, watch }: Flags) => {
      const { have } = await import('./have.ts')
      await run(process, json, ({ interrupted$ }) =>
        have({ cid, from, watch }).pipe(takeUntil(interrupted$)))
    })
