/** What an application does and gets: `^x`, `!x`, `*x|`, `#x(Error)`, `H.x(A)`, `+x`, `stop`. */
import type { AppItem, Request } from '../items.ts'
import { rangesText } from '../names.ts'
import type { Named } from '../names.ts'
import { marksText, nameless } from './marks.ts'
import { ENTRY_VERBS, priorityText } from './messages.ts'

/** `*x|` stands for a block and the end of its want; a range of them for each in turn. */
export const appUnits = (items: readonly AppItem[]): readonly Named[] => {
  const units: Named[] = []
  for (let i = 0; i < items.length; i += 1) {
    const [item, next] = [items[i], items[i + 1]]
    if (item === undefined) break
    const { head, name, tail } = appNamed(item)
    const ends = next !== undefined && completes(item, next)
    units.push({ head, name, tail: `${tail}${ends ? '|' : ''}${marksText(item)}` })
    if (ends) i += 1
  }
  return units
}

const completes = (item: AppItem, next: AppItem): boolean =>
  item.type === 'delivered' && next.type === 'complete' && item.request.ask === 'want'
  && requestText(item.request) === requestText(next.request) && marksText(item) === marksText(next)

const appNamed = (item: AppItem): Named => {
  switch (item.type) {
    case 'subscribe': return named(
      '^',
      item.request,
      `${priorityText(item.priority)}${item.discovery ? '' : '\''}`,
    )
    case 'unsubscribe': return named('!', item.request)
    case 'open': return nameless(`^${item.session}`)
    case 'close': return nameless(`!${item.session}`)
    case 'delivered': return blockNamed(item.request, item.cid, item.from)
    case 'complete': return named('|', item.request)
    case 'error': return named('#', item.request, `(${item.error})`)
    case 'have': case 'dont-have': return presenceNamed(item)
    case 'notify': return nameless(`+${notifiedText(item.cids)}`)
    case 'start': case 'stop': return nameless(item.type)
    default: return item satisfies never
  }
}

const named = (sigil: string, request: Request, tail = ''): Named =>
  request.ask === 'retrieve'
    ? { head: sigil, name: request.name, tail }
    : {
      head: `${sigil}${request.ask === 'want' ? '' : '?'}${sessionText(request)}`,
      name: request.cid,
      tail,
    }

const blockNamed = (request: Request, cid: string, from: string | undefined): Named => ({
  head: request.ask === 'retrieve' ? `*${request.name}.` : `*${sessionText(request)}`,
  name: cid,
  tail: from === undefined ? '' : `(${from})`,
})

const presenceNamed = ({
  type,
  request,
  cid,
  peer,
}: AppItem & { readonly type: 'have' | 'dont-have' }): Named => ({
  head: `${ENTRY_VERBS[type]}.${request.ask === 'retrieve' ? '' : sessionText(request)}`,
  name: cid,
  tail: `(${peer})`,
})

const sessionText = ({ session }: { readonly session?: string }): string =>
  session === undefined ? '' : `${session}.`

const notifiedText = (cids: readonly string[]): string => {
  const text = rangesText(cids)
  return cids.length === 0 || text.includes(' ') ? `[${text}]` : text
}

/** A request as a file writes it; equal for equal requests. */
export const requestText = (request: Request): string => {
  const { head, name } = named('', request)
  return head + name
}
