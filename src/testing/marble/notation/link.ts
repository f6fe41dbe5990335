/** What happens to a link: `up`, `down`, `{`, `}`, `#`, `refuse`; `dial`, `pause`, `resume`. */
import type { ProtocolVersion } from '../document.ts'
import type { LinkItem } from '../items.ts'
import type { Named } from '../names.ts'
import type { Scanner } from '../scanner.ts'
import { nameless, takeInParentheses } from './marks.ts'

const SIGNS = { busy: '{', drained: '}', 'write-failed': '#' } as const

export const takeLinkItem = (scanner: Scanner): LinkItem => {
  const word = scanner.take(/[{}#]|(?:up|down|refuse|dial|pause|resume)\b/y)
  switch (word) {
    case '{': return { type: 'busy' }
    case '}': return { type: 'drained' }
    case '#': return { type: 'write-failed' }
    case 'up': return { type: 'up', ...takeUpVersion(scanner) }
    case 'down': case 'refuse': case 'dial': case 'pause': case 'resume': return { type: word }
    default: throw scanner.error(
      '{ (writes are busy), } (drained), # (one fails), up, down, refuse, dial, pause or resume',
    )
  }
}

const takeUpVersion = (scanner: Scanner): { readonly version?: ProtocolVersion } => {
  const version = takeInParentheses(scanner, () => takeVersion(scanner))
  return version === undefined ? {} : { version }
}

export const takeVersion = (scanner: Scanner): ProtocolVersion => {
  const version = scanner.take(/1\.[210]\b/y)
  switch (version) {
    case '1.2': case '1.1': case '1.0': return version
    default: throw scanner.error('a protocol version: 1.2, 1.1 or 1.0')
  }
}

export const linkNamed = (item: LinkItem): Named => {
  switch (item.type) {
    case 'busy': case 'drained': case 'write-failed': return nameless(SIGNS[item.type])
    case 'up': return nameless(item.version === undefined ? 'up' : `up(${item.version})`)
    default: return nameless(item.type)
  }
}
