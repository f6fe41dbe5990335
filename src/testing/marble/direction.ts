import type { Item } from './items.ts'
import type { LaneName } from './lanes.ts'

const APP_OUTPUTS: ReadonlySet<Item['type']> = new Set([
  'delivered',
  'have',
  'dont-have',
  'complete',
  'error',
])
const LINK_OUTPUTS: ReadonlySet<Item['type']> = new Set(['dial', 'pause', 'resume'])

/** Whether the document makes the item happen; otherwise it is what the node is expected to do. */
export const isInput = (
  { kind }: Pick<LaneName, 'kind'>,
  { type }: Pick<Item, 'type'>,
): boolean => {
  switch (kind) {
    case 'app': return !APP_OUTPUTS.has(type)
    case 'link': return !LINK_OUTPUTS.has(type)
    case 'in': case 'store': return true
    default: return false
  }
}
