import type { Marked } from '../items.ts'
import type { Named } from '../names.ts'
import { takeName } from '../names.ts'
import { takeCount } from '../quantities.ts'
import type { Scanner } from '../scanner.ts'

/** `~2@tag`, behind any item. */
export const takeMarks = (scanner: Scanner): Marked => ({
  ...(scanner.take('~') !== undefined && {
    tolerance: takeCount(scanner, 'a number of ticks, as in ~2'),
  }),
  ...(scanner.take('@') !== undefined && { tag: takeName(scanner, 'a tag') }),
})

export const marksText = ({ tolerance, tag }: Marked): string =>
  `${tolerance === undefined ? '' : `~${tolerance}`}${tag === undefined ? '' : `@${tag}`}`

/** A unit of text for each item, its marks behind it. */
export const unitsOf = <I extends Marked>(
  items: readonly I[],
  named: (item: I) => Named,
): readonly Named[] =>
  items.map((item) => {
    const { head, name, tail } = named(item)
    return { head, name, tail: tail + marksText(item) }
  })

/** An item without a name in it. */
export const nameless = (text: string): Named => ({ head: text, name: '', tail: '' })

/** Takes what stands between parentheses, if there are any. */
export const takeInParentheses = <T>(scanner: Scanner, take: () => T): T | undefined => {
  if (scanner.take('(') === undefined) return undefined
  const taken = take()
  if (scanner.take(')') === undefined) throw scanner.error('")"')
  return taken
}
