import { SingleBar } from 'cli-progress'
import { formatBytes, formatSeconds, plural } from './format.ts'
import type { Report } from './report.ts'
import { factsOf, fitting, joined } from './status-line.ts'

/** Shows reports to whoever is there: a machine, a person at a terminal, or a log. */
export interface Rendering {
  show(report: Report): void
  /** Leaves the terminal in order; what is shown later starts on a line of its own. */
  end(): void
}

export interface Streams {
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean, readonly columns?: number }
}

/** Results go to stdout, everything else to stderr. */
export const rendering = (json: boolean, streams: Streams): Rendering => {
  if (json) return jsonLines(streams)
  return streams.stderr.isTTY === true ? terminal(streams) : plainLines(streams)
}

const jsonLines = ({ stdout }: Streams): Rendering => ({
  show: (report) => stdout.write(`${JSON.stringify(report)}\n`),
  end: () => {},
})

const plainLines = ({ stdout, stderr }: Streams): Rendering => ({
  show: (report) => {
    const stream = isResult(report) ? stdout : stderr
    stream.write(`${textOf(report)}\n`)
  },
  end: () => {},
})

const BAR_COLUMNS = 16

/** Of a terminal that does not tell. */
const DEFAULT_COLUMNS = 80

/** Plain lines, and a bar below them that stays the last line. */
const terminal = (streams: Streams): Rendering => {
  const lines = plainLines(streams)
  const bar = new SingleBar({
    stream: streams.stderr,
    format: '{bar} {text}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: BAR_COLUMNS,
    hideCursor: true,
    clearOnComplete: true,
    linewrap: true,
    // Signals are for the command, which ends this with everything else.
    gracefulExit: false,
  })
  let active = false
  const end = (): void => {
    if (active) bar.stop()
    active = false
  }
  return {
    end,
    show: (report) => {
      if (report.type !== 'progress' && report.type !== 'importing') {
        end()
        lines.show(report)
        return
      }
      const columns = (streams.stderr.columns ?? DEFAULT_COLUMNS) - BAR_COLUMNS - 1
      const payload = { text: fitting(factsOf(report), columns) }
      const total = Math.max(report.totalBytes, report.bytes, 1)
      if (active) {
        bar.setTotal(total)
        bar.update(report.bytes, payload)
      } else {
        bar.start(total, report.bytes, payload)
        active = true
      }
    },
  }
}

const isResult = ({ type }: Report): boolean =>
  type === 'serving' || type === 'presence' || type === 'done' || type === 'note'

const textOf = (report: Report): string => {
  switch (report.type) {
    case 'importing':
    case 'progress':
      return joined(factsOf(report))
    case 'serving':
      return `${report.cid}\n${report.command}`
    case 'served':
      return `sent ${plural(report.blocks, 'block')}, ${formatBytes(report.bytes)}`
    case 'connected':
      return `connected to ${report.peer}`
    case 'unreachable':
      return `could not reach ${report.address}: ${report.message}`
    case 'presence':
      return `${report.peer} ${report.presence}`
    case 'done':
      return doneText(report)
    case 'note':
      return report.text
    case 'error':
      return `rx-bitswap: ${report.message}`
  }
}

const doneText = (done: Extract<Report, { readonly type: 'done' }>): string => joined([
  `${done.path}\n${plural(done.blocks, 'block')}`,
  `${formatBytes(done.bytes)} in ${formatSeconds(done.seconds)}`,
  `${formatBytes(done.bytesPerSecond)}/s`,
  plural(done.duplicates, 'duplicate'),
])
