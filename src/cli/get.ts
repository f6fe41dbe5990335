import { dirname, resolve, sep } from 'node:path'
import type { Multiaddr } from '@multiformats/multiaddr'
import type { CID } from 'multiformats/cid'
import { concat, defer, finalize, ignoreElements, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import type { LocalBlockstore } from '../adapters/blockstore.ts'
import type { Exchange } from '../exchange.ts'
import { withPeers } from './dial.ts'
import type { Peers } from './dial.ts'
import { DiskBlocks } from './disk-blocks.ts'
import { Failure } from './failure.ts'
import { withNode } from './node.ts'
import { patient } from './patient.ts'
import { recentBlocks } from './recent-blocks.ts'
import { recorded, withRecord } from './recorded.ts'
import type { Report } from './report.ts'
import { requireSpace } from './require-space.ts'
import { transferOver } from './transfer.ts'
import { destinationAt } from './unixfs/destination.ts'
import type { Destination } from './unixfs/destination.ts'
import { statedSize } from './unixfs/node.ts'
import { unixFSOutput } from './unixfs/output.ts'
import type { Output } from './unixfs/output.ts'
import type { Place } from './unixfs/place.ts'
import { walk } from './unixfs/walk.ts'
import { withReports } from './with-reports.ts'
import { withResource } from './with-resource.ts'

export interface GetOptions {
  readonly cid: CID
  readonly from: readonly Multiaddr[]
  readonly output: string
  readonly force: boolean
  /** The folder where the blocks are kept, too; `undefined`: nowhere. */
  readonly store: string | undefined
  /** Blocks that are wanted or written at the same time. */
  readonly concurrency: number
  /** Where the protocol marble of the transfer goes; `undefined`: nowhere. */
  readonly record: string | undefined
  readonly reportMs: number
}

/** Fetches a file or folder. Unsubscribing cancels what is wanted, and leaves nothing behind. */
export const get = (options: GetOptions): Observable<Report> =>
  withTarget(options, (target) =>
    withRecord(options.record, target.destination.path, () =>
      withNode({ blockstore: blocksIn(options.store), listen: [] }, (node) =>
        withPeers(node, options.from, (peers) => {
          const { bitswap } = node.services
          return recorded(options.record, bitswap, transfer(options, target, bitswap, peers))
        }))))

interface Target {
  readonly destination: Destination
  readonly output: Output
}

const withTarget = <T>(
  { output, force, store }: GetOptions,
  use: (target: Target) => Observable<T>,
): Observable<T> =>
  withResource({
    acquire: async () => {
      if (store !== undefined && `${resolve(store)}${sep}`.startsWith(`${resolve(output)}${sep}`)) {
        throw new Failure(`${store} is written by get itself: choose another folder for --store`)
      }
      return { destination: await destinationAt(output, force), output: unixFSOutput() }
    },
    release: async (target) => {
      await target.output.close()
      await target.destination.clear()
    },
  }, use)

const blocksIn = (folder: string | undefined): LocalBlockstore =>
  folder === undefined ? recentBlocks() : new DiskBlocks(folder)

/** As much as a fast and far connection has on its way, and little to hold in memory. */
const WINDOW_BYTES = 16 * 1024 * 1024

const transfer = (
  { cid, concurrency, reportMs }: GetOptions,
  { destination, output }: Target,
  exchange: Exchange,
  peers: Peers,
): Observable<Report> =>
  defer(() => {
    const transferred = transferOver(exchange)
    const session = exchange.session({ peers, discovery: false })
    const root: Place = { type: 'entry', cid, statedSize: 0, path: destination.temporaryPath }
    const visit = async (place: Place, bytes: Uint8Array): Promise<readonly Place[]> => {
      if (place === root) await requireSpace(dirname(destination.path), statedSize(cid, bytes))
      return output.visit(place, bytes)
    }
    const window = { concurrency, maxBytes: WINDOW_BYTES }
    const written$ = walk({ asking: patient(session), ...window, visit }, root).pipe(
      tap(transferred.count),
      ignoreElements(),
      withReports(reportMs, transferred.progress),
    )
    const committed$ = defer(async () => {
      await destination.commit()
      return transferred.done(destination.path)
    })
    return concat(written$, committed$).pipe(finalize(() => session.close()))
  })
