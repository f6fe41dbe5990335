import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Subject, concat, concatMap, defer, filter, finalize, map, mergeMap, of, tap } from 'rxjs'
import type { Observable } from 'rxjs'
import { Failure } from '../failure.ts'
import { formatBytes, formatSeconds, plural } from '../format.ts'
import type { Report } from '../report.ts'
import { requireSpace } from '../require-space.ts'
import { withResource } from '../with-resource.ts'
import { sha256 } from './digest.ts'
import { excerpt } from './excerpt.ts'
import { writeSample } from './sample.ts'
import { spawned } from './spawned.ts'

export interface DemoOptions {
  /** What crosses; `undefined`: a file that is made. */
  readonly path: string | undefined
  /** Bytes of the file that is made. */
  readonly byteLength: number
}

/** Where everything of one run is, all of it in a folder that is removed afterwards. */
interface Crossing {
  readonly source: string
  readonly target: string
  readonly blocks: string
  readonly trace: string
}

/**
 * Serves a file or folder in one process and gets it in another. Emits what they report, and then
 * what happened as a protocol marble, the SHA-256 of both sides, and figures. Fails unless what was
 * received is what was sent.
 */
export const demo = (options: DemoOptions): Observable<Report> =>
  withResource({
    acquire: () => mkdtemp(join(tmpdir(), 'rx-bitswap-demo-')),
    release: (folder) => rm(folder, { recursive: true, force: true, maxRetries: 20 }),
  }, (folder) => defer(() => sourceOf(options, join(folder, 'sent'))).pipe(concatMap((source) => {
    const crossing = {
      source,
      target: join(folder, 'received'),
      blocks: join(folder, 'blocks'),
      trace: join(folder, 'transfer.marble'),
    }
    const reports: Report[] = []
    return concat(
      cross(crossing).pipe(
        tap((report) => reports.push(report)),
        filter(({ type }) => type !== 'done' && type !== 'served'),
      ),
      defer(() => outcomeOf(crossing, reports)).pipe(
        map((lines): Report => ({ type: 'note', text: lines.join('\n') })),
      ),
    )
  })))

const sourceOf = async ({ path, byteLength }: DemoOptions, sample: string): Promise<string> => {
  if (path !== undefined) return path
  // The file, its blocks, and what is received.
  await requireSpace(dirname(sample), 3 * byteLength)
  await writeSample(sample, byteLength)
  return sample
}

/** Two processes: get begins when serve is ready, and serve ends when get has. */
const cross = ({ source, target, blocks, trace }: Crossing): Observable<Report> =>
  defer(() => {
    const got$ = new Subject<void>()
    const serving = ['serve', source, '--store', blocks, '--listen', '/ip4/127.0.0.1/tcp/0']
    const getting = ({ cid, addresses }: Serving): Observable<Report> =>
      spawned(['get', cid, '--from', ...addresses, '-o', target, '--record', trace])
    return spawned(serving, got$).pipe(
      mergeMap((report) => report.type === 'serving'
        ? concat(of(report), getting(report).pipe(finalize(() => got$.next())))
        : of(report)),
    )
  })

type Serving = Extract<Report, { readonly type: 'serving' }>

const outcomeOf = async (
  { source, target, trace }: Crossing,
  reports: readonly Report[],
): Promise<readonly string[]> => {
  const [sent, received, marble] = await Promise.all([
    sha256(source), sha256(target), readFile(trace, 'utf8'),
  ])
  if (sent !== received) {
    throw new Failure(`Sent was ${sent} and received ${received} (SHA-256): please report this`)
  }
  return [
    'What get did (^ subscribe, w want, B block, * delivered, | complete, c cancel; A serves):',
    '',
    ...excerpt(marble).map((line) => `  ${line}`.trimEnd()),
    '',
    `SHA-256 sent      ${sent}`,
    `        received  ${received}  equal`,
    '',
    ...reports.flatMap(figuresOf),
  ]
}

const figuresOf = (report: Report): readonly string[] => {
  switch (report.type) {
    case 'done': return [
      [
        `${formatBytes(report.bytes)} in ${formatSeconds(report.seconds)}`,
        `${formatBytes(report.bytesPerSecond)}/s`,
        plural(report.blocks, 'block'),
        plural(report.duplicates, 'duplicate'),
      ].join(', '),
      `Peak memory: get ${formatBytes(report.peakRssBytes)}`,
    ]
    case 'served': return [`Peak memory: serve ${formatBytes(report.peakRssBytes)}`]
    default: return []
  }
}
