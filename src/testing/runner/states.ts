import { map } from 'rxjs'
import type { Observable } from 'rxjs'
import type { WantEntry } from '../../message/message.ts'
import type { LedgerItem, MessageItem } from '../marble/items.ts'
import { laneText } from '../marble/lanes.ts'
import type { LaneName } from '../marble/lanes.ts'
import { entryOf } from './message-items.ts'
import type { Stage } from './stage.ts'
import { watchedLanes } from './watched.ts'

/** Reads the lanes that show a state at the end of each tick. */
export interface States {
  /** Logs those that changed since the last time. */
  sample(): void
  /** Listens to the node from here on. */
  follow(): void
}

type StateItem = MessageItem | LedgerItem

export const states = (stage: Stage): States => {
  const { document, log } = stage
  const current = new Map<string, StateItem>()
  const shown = new Map<string, string>()
  const watched = watchedLanes(document).filter(isState)

  const follow = (): void => {
    for (const lane of watched) {
      const state$ = stateOf(stage, lane)
      stage.watching.add(state$.subscribe((item) => { current.set(laneText(lane), item) }))
    }
  }
  return {
    follow,
    sample () {
      for (const lane of watched) {
        const key = laneText(lane)
        const item = current.get(key)
        const text = textOf(item)
        if (item === undefined || text === (shown.get(key) ?? NOTHING[lane.kind])) continue
        shown.set(key, text)
        log.done(lane, item)
      }
    },
  }
}

type StateLane = LaneName & { readonly kind: 'wants' | 'ledger' }

const isState = (lane: LaneName): lane is StateLane =>
  lane.kind === 'wants' || lane.kind === 'ledger'

const stateOf = (stage: Stage, { kind, peer }: StateLane): Observable<StateItem> => {
  const { exchange, cast } = stage
  if (kind === 'ledger') {
    return exchange.ledger(cast.peer(peer)).pipe(
      map(({ sentBytes, receivedBytes }) => ({ type: 'ledger', sentBytes, receivedBytes })),
    )
  }
  const wants$ = peer === 'me'
    ? exchange.wantlist$.pipe(map(asked))
    : exchange.peerWantlist(cast.peer(peer))
  return wants$.pipe(map((wants) => wantsItem(stage, wants)))
}

const wantsItem = ({ cast }: Stage, wants: ReadonlyMap<unknown, WantEntry>): MessageItem => ({
  type: 'message',
  full: false,
  entries: Array.from(wants.values(), (want) => entryOf(cast.nameOfCid, want)),
})

/** Whether we ask for a DONT_HAVE is decided peer by peer. */
const asked = (wants: ReadonlyMap<unknown, WantEntry>): ReadonlyMap<unknown, WantEntry> =>
  new Map(Array.from(wants, ([key, want]) => [key, { ...want, sendDontHave: false }]))

const textOf = (item: StateItem | undefined): string => JSON.stringify(item)

/** What a state is before the first cell of its lane. */
const NOTHING: Record<StateLane['kind'], string> = {
  wants: textOf({ type: 'message', full: false, entries: [] }),
  ledger: textOf({ type: 'ledger', sentBytes: 0, receivedBytes: 0 }),
}
