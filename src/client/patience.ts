import type { ClientOptions } from '../options.ts'
import type { Request } from './contract.ts'
import type { Want } from './want.ts'

/**
 * When the silence of those who timed out may be taken as their last word, in clock ms. Their
 * timeout is short so that a want can try elsewhere; to give up, it waits as long as for an unknown
 * peer.
 */
export const patienceEnds = <R extends Request>(
  { asked }: Want<R>,
  { dontHaveTimeoutMs }: ClientOptions,
): number => {
  let quietSince = -Infinity
  for (const { peer, answer, sentAt } of asked ?? []) {
    if (answer === 'timed-out') quietSince = Math.max(quietSince, sentAt, peer.heardAt)
  }
  return quietSince + dontHaveTimeoutMs
}
