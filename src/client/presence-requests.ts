import type { Request } from './contract.ts'
import type { Ranking } from './ranking.ts'
import type { Want } from './want.ts'

/**
 * The presence requests of a want that have heard from everybody in scope and expect no one else.
 */
export const answeredRequests = <R extends Request>(want: Want<R>, ranking: Ranking<R>): R[] =>
  want.requests.filter(({ kind, discovery, scope }) => {
    if (kind !== 'presence' || discovery || scope.dialling > 0) return false
    let complete = true
    ranking.walk(scope, (peer) => {
      complete = !peer.supportsHave || peer.asks.get(want.key)?.answer !== undefined
      return complete
    })
    return complete
  })
