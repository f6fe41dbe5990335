import type { AppItem, Request } from '../items.ts'
import { NAME, takeKnown, takeKnownRange, takeName } from '../names.ts'
import type { Names } from '../names.ts'
import type { Scanner } from '../scanner.ts'
import { takeInParentheses } from './marks.ts'
import { takePriority } from './messages.ts'

/** What a sigil is about: requests, or a session as a whole. */
type Target = readonly Request[] | { readonly session: string }

const EXPECTED = '^x (subscribe), !x (unsubscribe), *x (block), |x (complete), #x(Error), '
  + 'H.x(A) or D.x(A) (presence), +x (notify), start or stop'

export const takeAppItems = (scanner: Scanner, names: Names): readonly AppItem[] => {
  switch (scanner.take(/[\^!*|#+]|(?:start|stop)\b|[HD]\./y)) {
    case '^': return subscribed(scanner, names)
    case '!': return unsubscribed(scanner, names)
    case '*': return delivered(scanner, names)
    case '|': return takeRequests(scanner, names).map((request) => ({ type: 'complete', request }))
    case '#': return failed(scanner, names)
    case '+': return [{ type: 'notify', cids: takeNotified(scanner, names) }]
    case 'H.': return available(scanner, names, 'have')
    case 'D.': return available(scanner, names, 'dont-have')
    case 'start': return [{ type: 'start' }]
    case 'stop': return [{ type: 'stop' }]
    default: throw scanner.error(EXPECTED)
  }
}

const subscribed = (scanner: Scanner, names: Names): readonly AppItem[] => {
  const target = takeTarget(scanner, names)
  if ('session' in target) return [{ type: 'open', session: target.session }]
  const priority = takePriority(scanner)
  const discovery = scanner.take('\'') === undefined
  return target.map((request) => ({ type: 'subscribe', request, ...priority, discovery }))
}

const unsubscribed = (scanner: Scanner, names: Names): readonly AppItem[] => {
  const target = takeTarget(scanner, names)
  return 'session' in target
    ? [{ type: 'close', session: target.session }]
    : target.map((request) => ({ type: 'unsubscribe', request }))
}

/** `*x`, and `*x|` for a block that completes its want. */
const delivered = (scanner: Scanner, names: Names): readonly AppItem[] => {
  const requests = takeRequests(scanner, names)
  const blocks = requests.flatMap((request): AppItem[] => {
    switch (request.ask) {
      case 'want': return [{ type: 'delivered', request, cid: request.cid }]
      case 'availability': throw scanner.error(
        'H.x(A) or D.x(A)',
        'availability delivers no blocks',
      )
      case 'retrieve': return takeRetrieved(scanner, names).map((cid) => ({
        type: 'delivered',
        request,
        cid,
      }))
      default: return request satisfies never
    }
  })
  const from = takeInParentheses(scanner, () => takeKnown(scanner, names, 'peers'))
  const completes =
    requests[0]?.ask === 'want'
    && scanner.peek(/\|[?A-Za-z_]/y) === undefined
    && scanner.take('|') !== undefined
  return blocks.flatMap((block, i): AppItem[] => {
    const [item, request] = [from === undefined ? block : { ...block, from }, requests[i]]
    return completes && request !== undefined ? [item, { type: 'complete', request }] : [item]
  })
}

const takeRetrieved = (scanner: Scanner, names: Names): readonly string[] => {
  if (scanner.take('.') === undefined) throw scanner.error('the CID it delivers, as in *r.x')
  return takeKnownRange(scanner, names, 'cids')
}

const failed = (scanner: Scanner, names: Names): readonly AppItem[] => {
  const requests = takeRequests(scanner, names)
  const error = takeInParentheses(scanner, () => takeName(scanner, 'the name of an error'))
  if (error === undefined) throw scanner.error('the name of the error, as in #x(NotFoundError)')
  return requests.map((request) => ({ type: 'error', request, error }))
}

const available = (
  scanner: Scanner,
  names: Names,
  type: 'have' | 'dont-have',
): readonly AppItem[] => {
  const inSession = takeSession(scanner, names)
  const cids = takeKnownRange(scanner, names, 'cids')
  const peer = takeInParentheses(scanner, () => takeKnown(scanner, names, 'peers'))
  if (peer === undefined) throw scanner.error(`the peer that says so, as in H.x(A)`)
  return cids.map((cid) => ({
    type,
    request: { ask: 'availability', cid, ...inSession },
    cid,
    peer,
  }))
}

/** `x`, `x1..x5`, `[x y]`: what one call of `notify` names. */
const takeNotified = (scanner: Scanner, names: Names): readonly string[] => {
  if (scanner.take('[') === undefined) return takeKnownRange(scanner, names, 'cids')
  const cids: string[] = []
  for (scanner.skipSpace(); scanner.take(']') === undefined; scanner.skipSpace()) {
    cids.push(...takeKnownRange(scanner, names, 'cids'))
  }
  return cids
}

const takeRequests = (scanner: Scanner, names: Names): readonly Request[] => {
  const at = scanner.position()
  const target = takeTarget(scanner, names)
  if ('session' in target) throw scanner.error(
    `what is asked of it, as in ${target.session}.x`,
    `${target.session} is a session`,
    at,
  )
  return target
}

const takeTarget = (scanner: Scanner, names: Names): Target => {
  const ask = scanner.take('?') === undefined ? 'want' : 'availability'
  if (ask === 'want' && names.retrieves.has(scanner.peek(NAME) ?? '')) {
    return [{ ask: 'retrieve', name: takeKnown(scanner, names, 'retrieves') }]
  }
  const inSession = takeSession(scanner, names)
  if (
    ask === 'want'
    && inSession.session === undefined
    && names.sessions.has(scanner.peek(NAME) ?? '')
  ) {
    return { session: takeKnown(scanner, names, 'sessions') }
  }
  return takeKnownRange(scanner, names, 'cids').map((cid) => ({ ask, cid, ...inSession }))
}

/** `s.` */
const takeSession = (scanner: Scanner, names: Names): { readonly session?: string } => {
  // Two dots are a range.
  if (scanner.peek(/[A-Za-z_]\w*\.(?!\.)/y) === undefined) return {}
  const session = takeKnown(scanner, names, 'sessions')
  scanner.take('.')
  return { session }
}
