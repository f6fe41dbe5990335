/** `npm run demo [-- path]`: a file or folder crosses from one process to another. */
import { resolve } from 'node:path'
import process from 'node:process'
import { Command, Option } from 'commander'
import { takeUntil } from 'rxjs'
import { byteSize } from '../arguments.ts'
import { reportMisuse } from '../misuse.ts'
import { run } from '../run.ts'
import { demo } from './demo.ts'

interface Flags { readonly size: number }

/** npm runs scripts in the package's folder, but paths are typed where it was called. */
const typedIn = process.env['INIT_CWD'] ?? process.cwd()

const command = new Command('demo')
  .description('Serve a file or folder in one process, get it in another, and compare the two.')
  .argument('[path]', 'what crosses (default: a file of random bytes)')
  .addOption(new Option('--size <bytes>', 'of the file of random bytes, such as 1GiB')
    .argParser(byteSize)
    .default(64 * 1024 * 1024, '64MiB'))
  .action((path: string | undefined, { size }: Flags) =>
    run(process, false, ({ interrupted$ }) => demo({
      path: path === undefined ? undefined : resolve(typedIn, path),
      byteLength: size,
    }).pipe(takeUntil(interrupted$))))

await reportMisuse(command, process).parseAsync()
