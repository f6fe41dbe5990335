/** What happens to the store, `+x`, `-x`, `slow(5ms)`, `fail`, and what it is asked, `get.x`. */
import type { StoreCallItem, StoreItem, StoreOperation } from '../items.ts'
import { takeKnown, takeKnownRange } from '../names.ts'
import type { Named, Names } from '../names.ts'
import { durationText, takeDuration } from '../quantities.ts'
import type { Scanner } from '../scanner.ts'
import { nameless, takeInParentheses } from './marks.ts'

const OPERATION = /(?:has|size|get|put)\b/y

export const takeStoreItems = (scanner: Scanner, names: Names): readonly StoreItem[] => {
  switch (scanner.take(/[+-]|(?:slow|fail|ok)\b/y)) {
    case '+': return takeKnownRange(scanner, names, 'cids').map((cid) => ({ type: 'put', cid }))
    case '-': return takeKnownRange(scanner, names, 'cids').map((cid) => ({ type: 'delete', cid }))
    case 'slow': return [takeSlow(scanner)]
    case 'fail': return [
      {
        type: 'fail',
        ...takeInParentheses(scanner, () => takeFailing(scanner, names)),
      },
    ]
    case 'ok': return [{ type: 'ok' }]
    default: throw scanner.error('+x (put), -x (delete), slow(5ms), fail or ok')
  }
}

const takeSlow = (scanner: Scanner): StoreItem => {
  const slow = takeInParentheses(scanner, () => {
    const delayMs = takeDuration(scanner)
    return { delayMs, ...scanner.skipSpace() && { operation: takeOperation(scanner) } }
  })
  if (slow === undefined) throw scanner.error('how slow, as in slow(5ms)')
  return { type: 'slow', ...slow }
}

const takeFailing = (
  scanner: Scanner,
  names: Names,
): { readonly operation: StoreOperation, readonly cid?: string } => ({
  operation: takeOperation(scanner),
  ...(scanner.skipSpace() && { cid: takeKnown(scanner, names, 'cids') }),
})

const takeOperation = (scanner: Scanner): StoreOperation => {
  const operation = scanner.take(OPERATION)
  switch (operation) {
    case 'has': case 'size': case 'get': case 'put': return operation
    default: throw scanner.error('an operation of the store: has, size, get or put')
  }
}

export const storeNamed = (item: StoreItem): Named => {
  switch (item.type) {
    case 'put': return { head: '+', name: item.cid, tail: '' }
    case 'delete': return { head: '-', name: item.cid, tail: '' }
    case 'slow': return nameless(`slow(${words(durationText(item.delayMs), item.operation)})`)
    case 'fail': return nameless(failText(item.operation, item.cid))
    case 'ok': return nameless('ok')
    default: return item satisfies never
  }
}

const failText = (operation: StoreOperation | undefined, cid: string | undefined): string =>
  operation === undefined ? 'fail' : `fail(${words(operation, cid)})`

const words = (first: string, second: string | undefined): string =>
  second === undefined ? first : `${first} ${second}`

export const takeStoreCalls = (scanner: Scanner, names: Names): readonly StoreCallItem[] => {
  const operation = takeOperation(scanner)
  if (scanner.take('.') === undefined) throw scanner.error('the CID, as in get.x')
  return takeKnownRange(scanner, names, 'cids').map((cid) => ({ type: 'call', operation, cid }))
}

export const callNamed = ({ operation, cid }: StoreCallItem): Named => ({
  head: `${operation}.`,
  name: cid,
  tail: '',
})
