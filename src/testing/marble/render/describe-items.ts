/** Items in words: all that their signs say, but for tags, by which only checks go. */
import type { Entry, Item, MessageItem, Request, StoreOperation } from '../items.ts'
import { compressRanges, namedText } from '../names.ts'
import type { Named } from '../names.ts'
import { requestText } from '../notation/app.ts'
import { nameless } from '../notation/marks.ts'
import { durationText, sizeText } from '../quantities.ts'

export const itemWords = (item: Item): Named => {
  const { head, name, tail } = plainWords(item)
  const { tolerance } = item
  return { head, name, tail: words(tail, some(tolerance, (n) => `within ${n} ticks`)) }
}

const words = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== '').join(' ')

/** Nothing, where there is no fact to tell. */
const some = <T>(fact: T | undefined, text: (fact: T) => string): string =>
  fact === undefined ? '' : text(fact)

const about = (head: string, name: string, tail = ''): Named =>
  ({ head: `${head} `, name, tail: tail === '' ? '' : ` ${tail}` })

const plainWords = (item: Item): Named => {
  switch (item.type) {
    case 'message': return nameless(messageWords(item))
    case 'subscribe': return asked('wants', item.request, words(
      priorityWords(item.priority), item.discovery ? '' : 'without discovery',
    ))
    case 'unsubscribe': return asked('no longer wants', item.request)
    case 'complete': return asked('completes', item.request)
    case 'error': return asked('fails', item.request, `with ${item.error}`)
    case 'delivered': return about('gets block', item.cid, words(
      placeWords(item.request), some(item.from, (peer) => `from ${peer}`),
    ))
    case 'have': case 'dont-have': {
      const verb = item.type === 'have' ? 'has' : 'lacks'
      return about(`learns that ${item.peer} ${verb}`, item.cid, placeWords(item.request))
    }
    case 'open': case 'close': return about(`${item.type}s session`, item.session)
    case 'notify': return about('announces', item.cids.join(' '))
    case 'put': case 'delete': return about(item.type === 'put' ? 'gains' : 'loses', item.cid)
    case 'call': return about(item.operation, item.cid)
    case 'event': return about(item.name, item.cid ?? '', item.details.join(' '))
    default: return nameless(conditionWords(item))
  }
}

type Condition = Exclude<Item, { readonly type:
  | 'message' | 'subscribe' | 'unsubscribe' | 'complete' | 'error' | 'delivered' | 'have'
  | 'dont-have' | 'open' | 'close' | 'notify' | 'put' | 'delete' | 'call' | 'event' }>

/** What happens to a link, to the store, to the node as a whole. */
const conditionWords = (item: Condition): string => {
  switch (item.type) {
    case 'fault': return 'something that is no message'
    case 'write-failed': return 'a write fails'
    case 'up': return words('up', some(item.version, (version) => `with version ${version}`))
    case 'slow': return words(`slow by ${durationText(item.delayMs)}`, toWords(item.operation))
    case 'fail': return words('fails', toWords(item.operation), item.cid ?? '')
    case 'ledger':
      return `${sizeText(item.sentBytes)} sent, ${sizeText(item.receivedBytes)} received`
    default: return item.type
  }
}

const toWords = (operation: StoreOperation | undefined): string =>
  some(operation, (name) => `to ${name}`)

const asked = (verb: string, request: Request, tail = ''): Named =>
  about(
    request.ask === 'availability' ? `${verb} the availability of` : verb,
    requestText(request).replace('?', ''),
    tail,
  )

/** Where an answer belongs that is told by its CID. */
const placeWords = (request: Request): string => {
  if (request.ask === 'retrieve') return `of ${request.name}`
  return some(request.session, (session) => `in ${session}`)
}

const priorityWords = (priority: number | undefined): string =>
  some(priority, (n) => `at priority ${n}`)

const ENTRY_WORDS: Record<Entry['type'], string> = {
  'want-block': 'want-block',
  'want-have': 'want-have',
  cancel: 'cancel',
  block: 'block',
  have: 'HAVE',
  'dont-have': 'DONT_HAVE',
}

const messageWords = ({ full, entries, pendingBytes }: MessageItem): string => words(
  full ? 'a full message with' : 'a message with',
  entries.length === 0
    ? 'nothing'
    : compressRanges(entries.map(entryWords)).map(namedText).join(', '),
  some(pendingBytes, (bytes) => `and ${sizeText(bytes)} pending`),
)

const entryWords = (entry: Entry): Named => about(ENTRY_WORDS[entry.type], entry.cid, tailOf(entry))

const tailOf = (entry: Entry): string => {
  if (entry.type === 'block') return entry.corrupt ? 'with other bytes' : ''
  if (entry.type !== 'want-block' && entry.type !== 'want-have') return ''
  return words(priorityWords(entry.priority), entry.sendDontHave ? 'or DONT_HAVE' : '')
}
