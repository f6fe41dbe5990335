import { diffRows } from '../marble/diff.ts'
import { formatMarble } from '../marble/format.ts'
import type { MarbleFailure, MarbleRun } from './run-marble.ts'

/**
 * A failed run for people: each failure with its place in the file, a lane's written row above the
 * one that happened, and the whole run as a document that can take the file's place.
 */
export const reportOf = (run: MarbleRun, file = 'marble'): string => [
  ...run.failures.map((failure) => failureText(failure, file)),
  'What happened, as a document:',
  formatMarble(run.actual).trimEnd(),
].join('\n\n')

const failureText = ({ problem, at, difference }: MarbleFailure, file: string): string => {
  const place = at === undefined ? file : `${file}:${at.line}:${at.column}`
  if (difference === undefined) return `${place}: ${problem}`
  // The line above the rows says where; ours says also of what.
  const [, ...rows] = diffRows({ ...difference, file }).split('\n')
  return [`${place}: ${problem}`, ...rows].join('\n')
}
