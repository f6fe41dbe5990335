/** Any document: all that the language can say, in every combination that means something. */
import fc from 'fast-check'
import type { Arbitrary } from 'fast-check'
import type {
  Check,
  CidDeclaration,
  IgnoredLane,
  MarbleDocument,
  OptionSetting,
  Pattern,
  PeerDeclaration,
  RetrieveDeclaration,
  SessionDeclaration,
  Written,
} from '../../../src/testing/marble/document.ts'
import type {
  AppItem,
  Cell,
  Entry,
  EventItem,
  FaultItem,
  Item,
  LedgerItem,
  LinkItem,
  Marked,
  MessageItem,
  Request,
  StoreCallItem,
  StoreItem,
} from '../../../src/testing/marble/items.ts'
import { laneText } from '../../../src/testing/marble/lanes.ts'
import type { Lane, LaneName } from '../../../src/testing/marble/lanes.ts'

const PEERS = ['A', 'B', 'peer_1']
const CIDS = ['x', 'y', 'n1', 'n2', 'n3', 'n4', 'n9', 'n10', 'n11', 'w']
const SESSIONS = ['s', 't']
const RETRIEVES = ['r']

const peer = fc.constantFrom(...PEERS)
const cid = fc.constantFrom(...CIDS)
const cids = fc.array(cid, { maxLength: 6 })
const session = fc.constantFrom(...SESSIONS)
const version = fc.constantFrom('1.2', '1.1', '1.0')
const operation = fc.constantFrom('has', 'size', 'get', 'put')
const size = fc.oneof(
  fc.nat(5_000),
  fc.nat(64).map((n) => n * 1024),
  fc.nat(4).map((n) => n * 1024 ** 2),
)
const durationMs = fc.oneof(fc.nat(3_000), fc.nat(60).map((s) => s * 1000))
const text = fc.stringMatching(/^[!-~][ -~]{0,40}[!-~]$/)
const note = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/)

const written: Arbitrary<Written> = fc.oneof(
  { arbitrary: fc.constant({}), weight: 9 },
  { arbitrary: fc.record({ notes: fc.array(note, { minLength: 1, maxLength: 2 }) }), weight: 1 },
)

const withWritten = <T extends object>(arbitrary: Arbitrary<T>): Arbitrary<T & Written> =>
  fc.tuple(written, arbitrary).map(([notes, value]) => ({ ...notes, ...value }))

const marks: Arbitrary<Marked> = fc.oneof(
  { arbitrary: fc.constant({}), weight: 4 },
  {
    arbitrary: fc.record(
      { tolerance: fc.nat(9), tag: fc.constantFrom('first', 't2') },
      { requiredKeys: [] },
    ),
    weight: 1,
  },
)

/** Items that may stand together in a cell, now and then with marks. */
const marked = <I extends object>(item: Arbitrary<I>): Arbitrary<I & Marked> =>
  fc.tuple(item, marks).map(([value, mark]) => ({ ...value, ...mark }))

const optional = <T extends object>(value: Arbitrary<T>): Arbitrary<Partial<T>> =>
  fc.oneof(fc.constant({}), value)

const priority = optional(
  fc.record({ priority: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) }),
)
const inSession = optional(fc.record({ session }))

const wantEntry: Arbitrary<Entry> = fc.tuple(
  fc.record({ type: fc.constantFrom('want-block', 'want-have'), cid, sendDontHave: fc.boolean() }),
  priority,
).map(([entry, facts]) => ({ ...entry, ...facts }))

const entry: Arbitrary<Entry> = fc.oneof(
  wantEntry,
  fc.record({ type: fc.constant('block' as const), cid, corrupt: fc.boolean() }),
  fc.record({ type: fc.constantFrom('cancel', 'have', 'dont-have'), cid }),
)

const entries = fc.oneof(
  fc.array(entry, { maxLength: 6 }),
  fc.constant(
    ['n1', 'n2', 'n3', 'n4', 'n9', 'n10', 'n11'].map((cid): Entry => ({ type: 'cancel', cid })),
  ),
)

const messageItem: Arbitrary<MessageItem> = marked(fc.tuple(
  fc.record({ type: fc.constant('message' as const), full: fc.boolean(), entries }),
  optional(fc.record({ pendingBytes: size })),
).map(([message, pending]) => ({ ...message, ...pending })))

const viewItem: Arbitrary<MessageItem> = marked(
  fc.record({
    type: fc.constant('message' as const),
    full: fc.constant(false),
    entries: fc.array(wantEntry, { maxLength: 4 }),
  }),
)

const faultItem: Arbitrary<FaultItem> = marked(fc.constant({ type: 'fault' as const }))

type Asked = Extract<Request, { readonly ask: 'want' | 'availability' }>

const want: Arbitrary<Asked> = fc
  .tuple(cid, inSession)
  .map(([cid, facts]) => ({ ask: 'want', cid, ...facts }))
const availability: Arbitrary<Asked> = fc
  .tuple(cid, inSession)
  .map(([cid, facts]) => ({ ask: 'availability', cid, ...facts }))
const retrieve: Arbitrary<Request> = fc
  .constantFrom(...RETRIEVES)
  .map((name) => ({ ask: 'retrieve', name }))
const request: Arbitrary<Request> = fc.oneof(want, availability, retrieve)
const from = optional(fc.record({ from: peer }))

const appItem: Arbitrary<AppItem> = fc.oneof<Arbitrary<AppItem>[]>(
  fc
    .tuple(request, fc.boolean(), priority)
    .map(([request, discovery, facts]) => ({ type: 'subscribe', request, discovery, ...facts })),
  fc.record({ type: fc.constantFrom('unsubscribe', 'complete'), request }),
  fc.record({ type: fc.constantFrom('open', 'close'), session }),
  fc.record({ type: fc.constant('notify' as const), cids }),
  fc.record({ type: fc.constantFrom('start', 'stop') }),
  fc
    .tuple(want, from)
    .map(([request, facts]) => ({ type: 'delivered', request, cid: request.cid, ...facts })),
  fc
    .tuple(retrieve, cid, from)
    .map(([request, cid, facts]) => ({ type: 'delivered', request, cid, ...facts })),
  fc
    .tuple(fc.constantFrom('have', 'dont-have'), availability, peer)
    .map(([type, request, peer]) => ({ type, request, cid: request.cid, peer })),
  fc.record({
    type: fc.constant('error' as const),
    request,
    error: fc.constantFrom('NotFoundError', 'Error'),
  }),
)

/** Now and then the pair that has a sign of its own, and sequences that are written as ranges. */
const appItems: Arbitrary<readonly AppItem[]> = fc.oneof(
  fc.array(marked(appItem), { minLength: 1, maxLength: 5 }),
  fc
    .tuple(fc.shuffledSubarray(CIDS, { minLength: 1 }), fc.boolean(), from, marks, marks)
    .map(([cids, sorted, facts, mark, other]) =>
      (sorted ? CIDS.filter((cid) => cids.includes(cid)) : cids).flatMap((cid, i): AppItem[] => {
        const request: Request = { ask: 'want', cid }
        const end = i % 5 === 4 ? other : mark
        return [
          { type: 'delivered', request, cid, ...facts, ...mark },
          { type: 'complete', request, ...end },
        ]
      }),
    ),
)

const linkItem: Arbitrary<LinkItem> = marked(
  fc.oneof<Arbitrary<LinkItem>[]>(
    optional(fc.record({ version })).map((facts) => ({ type: 'up', ...facts })),
    fc.record({
      type: fc.constantFrom(
        'down',
        'busy',
        'drained',
        'write-failed',
        'refuse',
        'dial',
        'pause',
        'resume',
      ),
    }),
  ),
)

const storeItem: Arbitrary<StoreItem> = marked(
  fc.oneof<Arbitrary<StoreItem>[]>(
    fc.record({ type: fc.constantFrom('put', 'delete'), cid }),
    fc
      .tuple(durationMs, optional(fc.record({ operation })))
      .map(([delayMs, facts]) => ({ type: 'slow', delayMs, ...facts })),
    fc
      .oneof(fc.constant({}), fc.record({ operation }), fc.record({ operation, cid }))
      .map((facts) => ({ type: 'fail', ...facts })),
    fc.constant({ type: 'ok' }),
  ),
)

const callItem: Arbitrary<StoreCallItem> = marked(
  fc.record({ type: fc.constant('call' as const), operation, cid }),
)
const ledgerItem: Arbitrary<LedgerItem> =
  marked(fc.record({ type: fc.constant('ledger' as const), sentBytes: size, receivedBytes: size }))
const eventItem: Arbitrary<EventItem> = marked(fc.tuple(
  fc.record({
    type: fc.constant('event' as const),
    name: fc.constantFrom('cancel', 'peer-chosen', 'want'),
    details: fc.array(fc.constantFrom('received', 'has-it', 'A', '12'), { maxLength: 2 }),
  }),
  optional(fc.record({ cid })),
).map(([event, facts]) => ({ ...event, ...facts })))

const someOf = <I extends Item>(item: Arbitrary<I>): Arbitrary<readonly I[]> =>
  fc.array(item, { minLength: 1, maxLength: 4 })

/** Cells at rising ticks, most of them near each other. */
const cellsOf = <I extends Item>(items: Arbitrary<readonly I[]>): Arbitrary<readonly Cell<I>[]> => {
  const step = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.nat(5_000).map((n) => n + 1))
  return fc.array(fc.tuple(step, items), { maxLength: 7 }).map((steps) => {
    let tick = -1
    return steps.map(([step, items]) => ({ tick: tick += step, items }))
  })
}

const lane: Arbitrary<Lane> = withWritten(
  fc.oneof<Arbitrary<Lane>[]>(
    fc
      .tuple(optional(fc.record({ id: fc.constantFrom('ui', 'q') })), cellsOf(appItems))
      .map(([facts, cells]) => ({ kind: 'app', ...facts, cells })),
    fc.record({ kind: fc.constant('link' as const), peer, cells: cellsOf(someOf(linkItem)) }),
    fc.record({
      kind: fc.constant('in' as const),
      peer,
      cells: cellsOf(someOf(fc.oneof(messageItem, messageItem, faultItem))),
    }),
    fc.record({ kind: fc.constant('out' as const), peer, cells: cellsOf(someOf(messageItem)) }),
    fc.record({ kind: fc.constant('store' as const), cells: cellsOf(someOf(storeItem)) }),
    fc.record({ kind: fc.constant('calls' as const), cells: cellsOf(someOf(callItem)) }),
    fc.record({
      kind: fc.constant('wants' as const),
      peer: fc.oneof(peer, fc.constant('me')),
      cells: cellsOf(someOf(viewItem)),
    }),
    fc.record({ kind: fc.constant('ledger' as const), peer, cells: cellsOf(someOf(ledgerItem)) }),
    fc.record({ kind: fc.constant('events' as const), cells: cellsOf(someOf(eventItem)) }),
  ),
)

const lanes = fc.uniqueArray(lane, { selector: laneText, maxLength: 8 })

const laneName: Arbitrary<LaneName> = fc.oneof<Arbitrary<LaneName>[]>(
  optional(fc.record({ id: fc.constant('ui') })).map((facts) => ({ kind: 'app', ...facts })),
  fc.record({ kind: fc.constantFrom('link', 'in', 'out', 'wants', 'ledger'), peer }),
  fc.record({ kind: fc.constantFrom('store', 'calls', 'events') }),
)

const pattern: Arbitrary<Pattern> = fc.oneof<Arbitrary<Pattern>[]>(
  fc.record({ type: fc.constant('tag' as const), tag: fc.constant('first') }),
  fc.record({ type: fc.constant('match' as const), name: cid }),
  fc.record({ type: fc.constant('match' as const), lane: laneName }),
  fc.record({
    type: fc.constant('match' as const),
    verb: fc.constantFrom('^', '!', '*', '|', '#', '+'),
    lane: fc.constant({ kind: 'app' as const }),
  }),
  fc.record({
    type: fc.constant('match' as const),
    verb: fc.constantFrom('w', 'h', 'c', 'B', 'H', 'D', '^', '*', '#', '-', 'put'),
    name: cid,
  }),
  fc.record({
    type: fc.constant('match' as const),
    verb: fc.constantFrom('{', '}', '#', 'up', 'down'),
    lane: fc.constant({ kind: 'link' as const, peer: 'A' }),
  }),
  fc.record({
    type: fc.constant('match' as const),
    verb: fc.constantFrom('cancel', 'peer-chosen'),
    name: cid,
    lane: fc.constant({ kind: 'events' as const }),
  }),
)
const patterns = fc.array(pattern, { minLength: 2, maxLength: 3 })

const check: Arbitrary<Check> = withWritten(
  fc.oneof<Arbitrary<Check>[]>(
    fc.record({ type: fc.constantFrom('order', 'permute'), patterns }),
    fc.record({ type: fc.constant('never' as const), pattern }),
    fc.record({
      type: fc.constant('always' as const),
      rule: fc.constantFrom('one-send-at-a-time', 'x2'),
    }),
  ),
)

const optionSetting: Arbitrary<OptionSetting> = withWritten(
  fc.oneof<Arbitrary<OptionSetting>[]>(
    fc.record({
      room: fc.constant('client' as const),
      name: fc.constant('maxWantsPerPeer'),
      value: fc.oneof(fc.nat(5_000), fc.constant(Infinity)),
    }),
    fc.record({
      room: fc.constant('client' as const),
      name: fc.constant('rebroadcastMs'),
      value: fc.oneof(durationMs, fc.constant(500.5)),
    }),
    fc.record({
      room: fc.constant('server' as const),
      name: fc.constant('targetEnvelopeBytes'),
      value: size,
    }),
    fc.record({
      room: fc.constant('server' as const),
      name: fc.constant('notifyRetryMs'),
      value: fc.array(durationMs, { maxLength: 3 }),
    }),
  ),
)

const peers: Arbitrary<readonly PeerDeclaration[]> = fc.tuple(...PEERS.map((name) =>
  withWritten(fc.record({ name: fc.constant(name), version, connected: fc.boolean() }))))

type CidFacts = Pick<CidDeclaration, 'form' | 'content'>

/** `earlier`: the CIDs declared above, of which others may be made. */
const cidFacts = (earlier: readonly string[]): Arbitrary<CidFacts> =>
  fc.oneof<Arbitrary<CidFacts>[]>(
    fc.constant({ form: 'plain', content: { type: 'seeded', byteLength: 100 } }),
    fc
      .tuple(
        fc.constantFrom('plain', 'v0', 'identity', 'huge', 'unknown'),
        fc.oneof<Arbitrary<CidDeclaration['content']>[]>(
          fc.record({ type: fc.constant('seeded' as const), byteLength: size }),
          fc.record({ type: fc.constant('text' as const), text: fc.string() }),
        ),
      )
      // An identity CID holds all bytes of its block.
      .map(([form, content]) => ({
        form: form === 'identity' && content.type === 'seeded' ? 'plain' : form, content,
      })),
    ...(earlier.length === 0
      ? []
      : [
        fc
          .constantFrom(...earlier)
          .map((cid): CidFacts => ({ form: 'plain', content: { type: 'same', cid } })),
        fc
          .constantFrom(...earlier)
          .map((cid): CidFacts => ({ form: 'identity', content: { type: 'forges', cid } })),
      ]),
  )

const cidDeclarations: Arbitrary<readonly CidDeclaration[]> = fc.tuple(
  ...CIDS.map((name, i) =>
    withWritten(
      fc
        .tuple(cidFacts(CIDS.slice(0, i)), fc.boolean())
        .map(([facts, stored]) => ({ name, ...facts, stored })),
    ),
  ),
)

const sessions: Arbitrary<readonly SessionDeclaration[]> = fc.tuple(
  ...SESSIONS.map((name) =>
    withWritten(
      fc.record({
        name: fc.constant(name),
        peers: fc.subarray(PEERS),
        providers: fc.subarray(PEERS),
        discovery: fc.boolean(),
      }),
    ),
  ),
)

const retrieves: Arbitrary<readonly RetrieveDeclaration[]> = fc.tuple(
  ...RETRIEVES.map((name) =>
    withWritten(
      fc
        .tuple(
          fc.record({
            name: fc.constant(name),
            cids,
            ordered: fc.boolean(),
            pushed: fc.boolean(),
            discovery: fc.boolean(),
          }),
          optional(fc.record({ concurrency: fc.integer({ min: 1, max: 64 }) })),
          inSession,
        )
        .map(([facts, ...more]) => Object.assign({ ...facts }, ...more) as RetrieveDeclaration),
    ),
  ),
)

const ignored: Arbitrary<readonly IgnoredLane[]> = fc.array(
  withWritten(fc.record({ lane: laneName })),
  { maxLength: 2 },
)

const endOf = (lanes: readonly Lane[]): number =>
  Math.max(0, ...lanes.map(({ cells }) => (cells.at(-1)?.tick ?? -1) + 1))

/** A document as the parser makes it, without positions. */
export const arbitraryDocument: Arbitrary<MarbleDocument> = fc
  .tuple(
    fc.record({
      title: text,
      rule: fc.oneof(
        text.map((line) => [line]),
        fc.tuple(
          text,
          text.filter((line) => !line.startsWith(';')),
        ),
      ),
      source: text,
      mode: fc.constantFrom('time', 'order'),
      core: fc.constantFrom('exchange', 'client', 'server'),
      tickMs: fc.constantFrom(1, 1, 10, 7, 1_000),
      options: fc.uniqueArray(optionSetting, { selector: ({ name }) => name, maxLength: 3 }),
      peers,
      cids: cidDeclarations,
      sessions,
      retrieves,
      ignored,
      lanes,
      checks: fc.array(check, { maxLength: 3 }),
    }),
    fc.oneof(fc.constant(0), fc.nat(3), fc.nat(40_000)),
    optional(fc.record({ notes: fc.array(note, { minLength: 1, maxLength: 2 }) })),
    optional(fc.record({ preface: fc.array(note, { minLength: 1, maxLength: 2 }) })),
  )
  .map(([document, silence, notes, preface]) => ({
    ...preface,
    ...document,
    ticks: document.lanes.length === 0 ? 0 : endOf(document.lanes) + silence,
    ...notes,
  }))
