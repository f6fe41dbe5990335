import type { Multiaddr } from '@multiformats/multiaddr'
import { MemoryBlockstore } from 'blockstore-core'
import type { CID } from 'multiformats/cid'
import {
  EMPTY, concat, concatMap, defer, distinctUntilKeyChanged, filter, ignoreElements, interval, map,
  of, pairwise, startWith, takeUntil, tap,
} from 'rxjs'
import type { Observable } from 'rxjs'
import { abortable } from '../network/abortable.ts'
import { current } from './current.ts'
import { DiskBlocks } from './disk-blocks.ts'
import { failureOf } from './failure.ts'
import { withNode } from './node.ts'
import type { Node } from './node.ts'
import { ownCommand } from './own-command.ts'
import { peakRssBytes } from './peak-rss.ts'
import type { Report } from './report.ts'
import { importPath, sizeOf } from './unixfs/import.ts'
import { withReports } from './with-reports.ts'

export interface ServeOptions {
  readonly path: string
  readonly listen: readonly Multiaddr[]
  /** The folder of the blocks; `undefined`: memory. */
  readonly store: string | undefined
  readonly reportMs: number
  /** Ends the command. */
  readonly until$: Observable<unknown>
}

type Blocks = DiskBlocks | MemoryBlockstore

/** Imports a file or folder and serves it until it is told to end. */
export const serve = (options: ServeOptions): Observable<Report> =>
  defer(() => openBlocks(options.store)).pipe(
    concatMap((blockstore) => withNode({ blockstore, listen: options.listen }, (node) => {
      const startedAt = performance.now()
      return importing(options, blockstore, (imported) => concat(
        of(serving(node, imported, startedAt)),
        sending(node, options.until$),
      ))
    })),
  )

const openBlocks = async (folder: string | undefined): Promise<Blocks> => {
  if (folder === undefined) return new MemoryBlockstore()
  const blocks = new DiskBlocks(folder)
  await blocks.open().catch((error: unknown) => {
    throw failureOf(error, folder)
  })
  return blocks
}

interface Imported {
  readonly cid: CID
  readonly bytes: number
}

const importing = (
  { path, store: leftOut, reportMs, until$ }: ServeOptions,
  blockstore: Blocks,
  use: (imported: Imported) => Observable<Report>,
): Observable<Report> =>
  defer(() => sizeOf(path, leftOut)).pipe(concatMap((totalBytes) => {
    let bytes = 0
    let root: CID | undefined
    const read = (byteLength: number): void => { bytes += byteLength }
    const imported$ = abortable((signal) => importPath(path, { blockstore, read, signal, leftOut }))
    return concat(
      imported$.pipe(
        tap((cid) => { root = cid }),
        ignoreElements(),
        withReports(reportMs, (): Report => ({ type: 'importing', bytes, totalBytes })),
        takeUntil(until$),
      ),
      defer(() => root === undefined ? EMPTY : use({ cid: root, bytes })),
    )
  }))

const serving = (node: Node, { cid, bytes }: Imported, startedAt: number): Report => {
  const addresses = node.getMultiaddrs()
  return {
    type: 'serving',
    cid: cid.toString(),
    bytes,
    seconds: (performance.now() - startedAt) / 1000,
    addresses: addresses.map(String),
    command: `${ownCommand()} get ${cid} --from ${String(farthest(addresses))}`,
  }
}

/** The address that works from the most places. */
const farthest = (addresses: readonly Multiaddr[]): Multiaddr | undefined =>
  addresses.find((address) => !/^\/ip4\/127\.|^\/ip6\/::1\//.test(address.toString()))
  ?? addresses[0]

type Served = Extract<Report, { readonly type: 'served' }>

/** What was sent, each time that the node has been quiet for a second, and when all is over. */
const sending = ({ services }: Node, until$: Observable<unknown>): Observable<Report> => {
  const served = (): Served => {
    const { blocksSent, bytesSent } = current(services.bitswap.stats$)
    return {
      type: 'served', blocks: blocksSent, bytes: bytesSent, peakRssBytes: peakRssBytes(),
    }
  }
  const quiet$ = interval(1000).pipe(
    map(served),
    startWith(served()),
    pairwise(),
    filter(([before, now]) => before.blocks === now.blocks && now.blocks > 0),
    map(([, now]) => now),
    distinctUntilKeyChanged('blocks'),
    takeUntil(until$),
  )
  return concat(quiet$, defer(() => of(served())))
}
