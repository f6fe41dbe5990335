import type { LaneName } from './lanes.ts'
import { takeKnown, takeName } from './names.ts'
import type { Names } from './names.ts'
import type { Scanner } from './scanner.ts'

/** The name of a lane, up to its colon. */
export const takeLaneName = (scanner: Scanner, names: Names): LaneName => {
  const kind = scanner.take(/(?:app|store|events|link|wants|ledger)\b(?!>)|me>(?:store\b)?/y)
  switch (kind) {
    case 'store': case 'events': return { kind }
    case 'me>store': return { kind: 'calls' }
    case 'me>': return { kind: 'out', peer: takeKnown(scanner, names, 'peers') }
    case 'app': return { kind, ...takeAppId(scanner) }
    case 'link': case 'ledger': return { kind, peer: takePeer(scanner, names) }
    case 'wants': return { kind, peer: takePeer(scanner, names, 'me') }
    default: return { kind: 'in', peer: takeSender(scanner, names) }
  }
}

const takeAppId = (scanner: Scanner): { readonly id?: string } =>
  scanner.take(/ +(?=[A-Za-z_])/y) === undefined
    ? {}
    : { id: takeName(scanner, 'the name of a subscriber') }

const takePeer = (scanner: Scanner, names: Names, self?: string): string => {
  scanner.skipSpace()
  return self !== undefined && scanner.take(/me\b/y) !== undefined
    ? self
    : takeKnown(scanner, names, 'peers')
}

const takeSender = (scanner: Scanner, names: Names): string => {
  if (scanner.peek(/\w+>/y) === undefined) {
    throw scanner.error(
      'a lane: app, link A, A>me, me>A, store, me>store, wants A, wants me, ledger A or events',
    )
  }
  const peer = takeKnown(scanner, names, 'peers')
  if (scanner.take('>me') === undefined) throw scanner.error('">me"')
  return peer
}
