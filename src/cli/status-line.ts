import { formatBytes, formatSeconds, plural } from './format.ts'
import type { Report } from './report.ts'

/** What a line that is written over and over shows. */
export type Status = Extract<Report, { readonly type: 'progress' | 'importing' }>

/** How far it is, the most important first. */
export const factsOf = (status: Status): readonly string[] => {
  if (status.type === 'importing') return [`importing ${share(status)}`]
  const { bytesPerSecond, etaSeconds, peers, inFlight, duplicates } = status
  return [
    share(status),
    `${formatBytes(bytesPerSecond)}/s`,
    etaSeconds === undefined ? 'ETA ?' : `ETA ${formatSeconds(etaSeconds)}`,
    plural(peers, 'peer'),
    `${plural(inFlight, 'block')} in flight`,
    plural(duplicates, 'duplicate'),
  ]
}

/** As many of the first facts as fit, whole, in so many characters; the first one in any case. */
export const fitting = (facts: readonly string[], columns: number): string => {
  let count = facts.length
  while (count > 1 && joined(facts.slice(0, count)).length > columns) count -= 1
  return joined(facts.slice(0, count))
}

export const joined = (facts: readonly string[]): string => facts.join(', ')

const share = ({ bytes, totalBytes }: Status): string => {
  if (totalBytes === 0) return formatBytes(bytes)
  const percent = Math.floor(Math.min(bytes / totalBytes, 1) * 100)
  return `${percent} %, ${formatBytes(bytes)} of ${formatBytes(totalBytes)}`
}
