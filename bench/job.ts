/**
 * What the harness and a competitor say to each other: one JSON job as the last argument, JSON
 * lines on standard output. `bench/README.md` says the same for programs that are not written in
 * TypeScript.
 */

export type Job =
  /**
   * `clients` nodes each fetch the same `blocks` from `holders` nodes that have all of them, and as
   * many others, `times` in all, one fetch after the other; before that, unmeasured, `warmUp`
   * blocks in the same manner, so that the code on a block's way is compiled.
   */
  | {
    readonly job: 'fetch'
    readonly warmUp: number
    readonly times: number
    readonly blocks: number
    readonly blockBytes: number
    readonly inFlight: number
    readonly holders: number
    readonly clients: number
  }
  /** A UnixFS file goes from another process to the disk. */
  | { readonly job: 'file', readonly bytes: number }
  /** The other process of `file`; says `serving` and stays until its standard input ends. */
  | { readonly job: 'serve-file', readonly bytes: number }
  /** Wants that nobody answers: what does one hold? */
  | { readonly job: 'outstanding', readonly wants: number }
  /**
   * Connected peers that say nothing: what does one hold, and what does a want cost beside them?
   */
  | { readonly job: 'idle-peers', readonly peers: number }
  /** What a browser downloads, without these packages: those that an application has anyway. */
  | { readonly job: 'bundle', readonly without: readonly string[] }
  /** References: what the stream under the exchange, and the hash, can do, after a `warmUp`. */
  | {
    readonly job: 'raw-stream'
    readonly warmUp: number
    readonly bytes: number
    readonly processes: 1 | 2
    /** What arrives is hashed and kept in memory, as blocks of 256 KiB. */
    readonly keep: boolean
  }
  | { readonly job: 'serve-raw-stream' }
  | {
    readonly job: 'echo'
    readonly warmUp: number
    readonly rounds: number
    readonly bytes: number
  }
  | { readonly job: 'sha-256', readonly blocks: number, readonly blockBytes: number }

/** What can be measured. A competitor reports those that its job has. */
export interface Metrics {
  readonly seconds?: number
  readonly blocksPerSecond?: number
  /** Of block data, in units of 10^6 bytes. */
  readonly megabytesPerSecond?: number
  /** From the want to the block. */
  readonly p50Ms?: number
  readonly p99Ms?: number
  /** Blocks received that were there already, over blocks wanted. */
  readonly duplicates?: number
  /** Jain's index of the clients' rates: 1 when all are equal. */
  readonly fairness?: number
  readonly cpuSeconds?: number
  readonly baseRssMb?: number
  readonly peakRssMb?: number
  readonly heapBytesPerWant?: number
  readonly heapBytesPerPeer?: number
  readonly microsecondsPerWant?: number
  readonly gzipKb?: number
}

export type Metric = keyof Metrics

/** One line of a competitor's output. The last one is the result. */
export type Line =
  | { readonly type: 'progress', readonly received: number, readonly of: number }
  | { readonly type: 'result', readonly metrics: Metrics }
  /** The competitor has no such job. */
  | { readonly type: 'cannot', readonly reason: string }
  | Serving

/** What a second process, started by a competitor itself, says to the first. */
export interface Serving {
  readonly type: 'serving'
  readonly addresses: readonly string[]
  readonly cid?: string
  readonly sha256?: string
}

/** Told by a workload as blocks arrive, so that a stall can be reported with what arrived. */
export interface Progress {
  received: number
  of: number
}

export type JobNamed<Name extends Job['job']> = Extract<Job, { job: Name }>

export type Workloads = {
  readonly [Name in Job['job']]?: (job: JobNamed<Name>, progress: Progress) => Promise<Metrics>
}

type Workload = (job: Job, progress: Progress) => Promise<Metrics>

const PROGRESS_MS = 200

export const say = (line: Line): void => {
  console.log(JSON.stringify(line))
}

/** Says how far it is, now and then: also when the program never lets a timer run. */
const reportedProgress = (): Progress => {
  let [received, of, saidAt, said] = [0, 0, 0, 0]
  const report = (): void => {
    const now = performance.now()
    if (received === said || now - saidAt < PROGRESS_MS) return
    say({ type: 'progress', received, of })
    saidAt = now
    said = received
  }
  setInterval(report, PROGRESS_MS).unref()
  return {
    get received () { return received },
    set received (value) {
      received = value
      report()
    },
    get of () { return of },
    set of (value) {
      of = value
      say({ type: 'progress', received, of })
    },
  }
}

/** The main program of a competitor: does the job it was given and says what it measured. */
export const competitor = async (workloads: Workloads): Promise<void> => {
  const job = JSON.parse(process.argv.at(-1) ?? '') as Job
  const workload = workloads[job.job] as Workload | undefined
  if (workload === undefined) {
    say({ type: 'cannot', reason: `has no job '${job.job}'` })
    return
  }
  const progress = reportedProgress()
  say({ type: 'result', metrics: await workload(job, progress) })
  // What is still open is of no interest: the process was made for one job.
  process.exit(0)
}
