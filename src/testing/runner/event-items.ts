import type { BitswapEvent } from '../../events.ts'
import type { EventItem } from '../marble/items.ts'
import type { Cast } from './cast.ts'

/** An entry of the diary as a lane `events` writes it: `peer-left.x(A timed-out)`. */
export const eventItem = (cast: Cast, event: BitswapEvent): EventItem => ({
  type: 'event',
  name: event.type,
  ...('cid' in event && { cid: cast.nameOfCid(event.cid) }),
  details: detailsOf(cast, event),
})

const detailsOf = (cast: Cast, event: BitswapEvent): readonly string[] => {
  switch (event.type) {
    case 'peer-up':
    case 'peer-down':
    case 'message':
    case 'sent':
    case 'send-failed':
    case 'peer-fault': return [cast.nameOfPeer(event.peer)]
    case 'peer-chosen':
    case 'peer-left': return [cast.nameOfPeer(event.peer), event.reason]
    case 'cancel': return [event.cause]
    case 'block':
    case 'unwanted-block': return [cast.nameOfPeer(event.from)]
    case 'delivered': return event.from === undefined ? [] : [cast.nameOfPeer(event.from)]
    case 'subscribed':
    case 'unsubscribed': return [event.member]
    case 'store-failed':
    case 'gave-up': return [event.error.name]
    default: return []
  }
}
