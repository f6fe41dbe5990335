import { take } from 'rxjs'
import { hashers as allHashers } from '../../adapters/hashers.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import type { Exchange } from '../../exchange.ts'
import type { BitswapOptions } from '../../options.ts'
import type { Clock, Hashers } from '../../ports.ts'
import type { MarbleCore, MarbleDocument, OptionSetting } from '../marble/document.ts'
import { parseMarble } from '../marble/parse.ts'
import { optionText } from '../marble/write-declarations.ts'
import { aliases } from './aliases.ts'
import { diaryReader } from './diary-reader.ts'
import { score } from './score.ts'
import { subscribers } from './subscribers.ts'

export interface RecordOptions {
  readonly title?: string
  /** What the exchange was made with: a replay is made with the same. */
  readonly options?: BitswapOptions
  /** The `soon` of the exchange's clock, if that is not the machine's. */
  readonly soon?: Clock['soon']
  /** Those of the exchange: what arrives is hashed once more, to name it. */
  readonly hashers?: Hashers
}

export interface Recording {
  /** What happened so far. */
  document(): MarbleDocument
  stop(): void
}

/**
 * Turns the diary of a running exchange into a protocol marble. Peers and CIDs are named by first
 * sight; blocks keep their sizes and lose their content; every run of code in which the world did
 * something has a tick of its own. The document is of mode `order`: played with `testMarble`, the
 * real core answers the same inputs with the same messages. What is decided by chance, such as
 * which of several equal peers is asked first, may go otherwise then.
 */
export const recordMarbles = (exchange: Exchange, how: RecordOptions = {}): Recording => {
  const { title = 'A recording', options = {}, hashers = allHashers() } = how
  const { soon = systemClock.soon } = how
  const names = aliases()
  const played = score({ soon, tickMs: TICK_MS })
  const audience = subscribers(names, played)
  const settings = [...settingsOf('client', options), ...settingsOf('server', options)]
  const reader = diaryReader({ names, played, audience, hashers })

  exchange.peers$.pipe(take(1)).subscribe((peers) => { reader.begin(peers.values()) })
  const reading = exchange.event$.subscribe(reader.read)
  return {
    stop () { reading.unsubscribe() },
    document: () => ({
      // One line, whatever it was made of.
      title: title.trim().replaceAll(/\s+/g, ' ') || 'A recording',
      rule: ['What a node did, as its diary tells it.'],
      source: 'recordMarbles',
      mode: 'order',
      core: coreOf(options),
      tickMs: TICK_MS,
      options: settings,
      peers: names.peers,
      cids: names.cids,
      sessions: audience.sessions,
      retrieves: [],
      ignored: [
        ...names.peers.map(({ name }) => ({ lane: { kind: 'link', peer: name } as const })),
        ...audience.watching.map((lane) => ({ lane })),
      ],
      lanes: played.lanes,
      ticks: played.ticks,
      checks: [],
    }),
  }
}

const TICK_MS = 1

const coreOf = ({ client, server }: BitswapOptions): MarbleCore => {
  if (client === false) return 'server'
  return server === false ? 'client' : 'exchange'
}

const settingsOf = (
  room: 'client' | 'server',
  options: BitswapOptions,
): readonly OptionSetting[] => {
  const half = options[room]
  if (typeof half !== 'object') return []
  const given: Readonly<Record<string, OptionSetting['value'] | undefined>> = { ...half }
  return Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [sayable({ room, name, value })])
}

/** Refuses what could not be read back, at once and not when the recording is needed. */
const sayable = (setting: OptionSetting): OptionSetting => {
  const { room, name, value } = setting
  try {
    parseMarble(`option ${optionText(setting)}`, { header: 'optional' })
    return setting
  } catch (cause) {
    const what = `${room}.${name}: ${JSON.stringify(value)}`
    throw new Error(`No recording can say the option ${what}`, { cause })
  }
}
