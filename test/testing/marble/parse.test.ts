import { describe, expect, it } from 'vitest'
import type { Cell } from '../../../src/testing/marble/items.ts'
import { parseMarble } from '../../../src/testing/marble/parse.ts'
import { MarbleSyntaxError } from '../../../src/testing/marble/syntax-error.ts'

const parse = (text: string) => parseMarble(text, { file: 'a.marble', header: 'optional' })

const DECLARED = 'peer A B\ncid x y n1..n3\nsession s peers A\nretrieve r x y\n'

/** The cells of the one lane of a text. */
const cellsOf = (lane: string, settings = ''): readonly Cell[] =>
  parse(`${DECLARED}${settings}${lane}`).lanes[0]?.cells ?? []

const ticksOf = (lane: string, settings = ''): readonly number[] =>
  cellsOf(lane, settings).map(({ tick }) => tick)

const itemsOf = (lane: string) => cellsOf(lane).flatMap(({ items }) => items)

describe('time', () => {
  it.each([
    ['cells follow each other tick by tick', 'app: ^x !x ^y', [0, 1, 2]],
    ['an empty cell is a tick', 'app: - ^x - !x', [1, 3]],
    ['empty cells may touch', 'app: --- ^x', [3]],
    ['a duration counts from the beginning of the cell before it', 'app: ^x 10ms !x', [0, 10]],
    ['from the beginning of an empty cell as well', 'app: ^x - 10ms !x', [0, 11]],
    ['and from the beginning of the row', 'app: 10ms ^x', [10]],
    ['durations add up', 'app: ^x 1s 500ms !x', [0, 1500]],
    ['a part of a second is fine', 'app: ^x 1.5s !x', [0, 1500]],
  ])('%s', (_, lane, ticks) => {
    expect(ticksOf(lane)).toEqual(ticks)
  })

  it('counts in ticks of the given length', () => {
    expect(ticksOf('app: ^x - !x 1s ^x', 'tick 100ms\n')).toEqual([0, 2, 12])
  })

  it('goes on where "at" says, lane by lane', () => {
    const { lanes, ticks } = parse(`${DECLARED}app: ^x\nme>A: w.x\nat 30s\nme>A: w.x`)
    expect(lanes.map(({ cells }) => (cells as readonly Cell[]).map(({ tick }) => tick))).toEqual([
      [0],
      [0, 30_000],
    ])
    expect(ticks).toBe(30_001)
  })

  it('lasts as long as the longest lane, silence included', () => {
    expect(parse(`${DECLARED}app: ^x 30s\nme>A: w.x`).ticks).toBe(30_000)
  })
})

describe('cells', () => {
  it('takes marks that touch as one cell', () => {
    expect(cellsOf('app: ^x^y!x')).toHaveLength(1)
    expect(itemsOf('app: ^x^y!x').map(({ type }) => type)).toEqual([
      'subscribe',
      'subscribe',
      'unsubscribe',
    ])
  })

  it('takes one bracket as one message', () => {
    expect(itemsOf('me>A: [w.x h.y][c.x]')).toMatchObject([
      { entries: [{}, {}] },
      { entries: [{}] },
    ])
  })

  it('takes a range as one entry for each name', () => {
    expect(itemsOf('me>A: [w.n1..n3]')).toMatchObject([
      { entries: [{ cid: 'n1' }, { cid: 'n2' }, { cid: 'n3' }] },
    ])
  })

  it('tells a priority from the next subscription', () => {
    expect(itemsOf('app: ^x^5^y')).toMatchObject([{ priority: 5 }, { request: { cid: 'y' } }])
  })

  it('takes *x| as a block and the end of its want, and *x|y as two marks', () => {
    expect(itemsOf('app: *x|')).toMatchObject([
      { type: 'delivered' },
      { type: 'complete', request: { cid: 'x' } },
    ])
    expect(itemsOf('app: *x|y')).toMatchObject([
      { type: 'delivered' },
      { type: 'complete', request: { cid: 'y' } },
    ])
  })

  it('knows sessions, retrieves and CIDs apart', () => {
    expect(itemsOf('app: ^s^s.x^?s.x^r')).toMatchObject([
      { type: 'open', session: 's' },
      { request: { ask: 'want', cid: 'x', session: 's' } },
      { request: { ask: 'availability', cid: 'x', session: 's' } },
      { request: { ask: 'retrieve', name: 'r' } },
    ])
  })

  it('says where each cell stands', () => {
    expect(cellsOf('app: ^x  10ms *x').map(({ at }) => at)).toEqual([
      { line: 5, column: 6 },
      { line: 5, column: 15 },
    ])
  })
})

describe('comments', () => {
  it('keeps them with the statement below, or beside', () => {
    const { peers, lanes, notes } = parse('; slow\npeer A ; far\ncid x\n; in\nA>me: B.x\n; end')
    expect([peers[0]?.notes, lanes[0]?.notes, notes]).toEqual([['slow', 'far'], ['in'], ['end']])
  })

  it('leaves the semicolons of texts alone', () => {
    expect(parse('title One; two').title).toBe('One; two')
    expect(parse('cid x "a;b"').cids[0]?.content).toEqual({ type: 'text', text: 'a;b' })
  })
})

describe('inside of a program', () => {
  it('may be indented', () => {
    const { rule, lanes } = parse(`
      rule  One line
            and another
      cid x
      app: ^x
    `)
    expect(rule).toEqual(['One line', 'and another'])
    expect(lanes).toHaveLength(1)
  })
})

describe('errors', () => {
  it('show the place and say what belongs there', () => {
    expect(() => parse(`${DECLARED}me>A:  [w.x w.q]`)).toThrow(
      new MarbleSyntaxError(
        { file: 'a.marble', number: 5, text: 'me>A:  [w.x w.q]' },
        15,
        'no CID is called "q"',
        'one of x y n1..n3',
      ),
    )
    expect(() => parse(`${DECLARED}me>A:  [w.x w.q]`)).toThrow([
      'a.marble:5:15: no CID is called "q"',
      '  me>A:  [w.x w.q]',
      '                ^',
      'Expected one of x y n1..n3.',
    ].join('\n'))
  })

  it.each([
    ['Peer A', '1:1', 'a lane'],
    ['peer A\npeer A', '2:6', 'another name'],
    ['peer me', '1:6', 'another name'],
    ['cid 1x', '1:5', 'a name starts with a letter'],
    ['cid x huge y', '1:12', 'a fact about a CID'],
    ['cid y same x', '1:12', 'a CID declared by a line'],
    ['cid x5..x1', '1:7', 'two rising numbers'],
    ['option client.maxWants 2', '1:15', 'one of maxWantsPerPeer'],
    ['option client.toString 2', '1:15', 'one of maxWantsPerPeer'],
    ['option client.rebroadcastMs 2', '1:29', 'a duration'],
    ['option client.maxWantsPerPeer 2 3', '1:34', 'one value'],
    ['option server.taskWorkers -2', '1:27', 'a number, 0 or more'],
    ['cid x 100GiB', '1:7', 'at most 64MiB'],
    ['cid x identity 65KiB', '1:5', 'at most 64KiB'],
    ['cid x\nretrieve r x concurrency 0', '2:26', 'a number of blocks, 1 or more'],
    ['option server.taskWorkers 2\noption server.taskWorkers 3', '2:8', 'another option'],
    ['peer A 1.1 down 1.0', '1:17', 'one fact about each'],
    ['cid x 5B stored "a"', '1:17', 'one fact about each'],
    ['cid x y v0 identity', '1:12', 'one fact about each'],
    ['cid x\ncid y v0 same x', '2:10', 'one fact about each'],
    ['cid x\nsession s\nsession t\nretrieve r x in s in t', '4:19', 'each fact once'],
    ['peer A\nsession s peers A peers A', '2:19', 'each fact once'],
    ['mode fast', '1:6', 'time or order'],
    ['tick 0ms', '1:6', 'a duration of 1ms or more'],
    ['title a\ntitle b', '2:1', 'one of each'],
    ['rule a\n  b\n  c', '3:3', 'at most two lines'],
    ['marble 2', '1:8', 'marble 1'],
    [`${DECLARED}C>me: w.x`, '5:1', 'one of A B'],
    [`${DECLARED}app: ^x\napp: ^y`, '6:1', 'a line such as "at 5s"'],
    [`${DECLARED}at 5ms\nat 5ms`, '6:4', 'a time after 5ms'],
    [`${DECLARED}app: ^x 10ms !x\nat 5ms\napp: ^y`, '7:5', '"at" a time from 11ms on'],
    [`tick 10ms\n${DECLARED}app: ^x 15ms !x`, '6:9', 'a multiple of the tick'],
    [`${DECLARED}app: ^x 10`, '5:9', 'a duration'],
    [`${DECLARED}app: ^x(A)`, '5:8', '(subscribe)'],
    [`${DECLARED}app: #x`, '5:8', 'the name of the error'],
    [`${DECLARED}app: *?x`, '5:9', 'H.x(A)'],
    [`${DECLARED}app: |s`, '5:7', 'as in s.x'],
    [`${DECLARED}app: ^r.x`, '5:8', '(subscribe)'],
    [`${DECLARED}me>A: w.x,w.y`, '5:10', '[ ] around each'],
    [`${DECLARED}me>A: w.n1..n3`, '5:7', '[ ] around the entries'],
    [`${DECLARED}me>A: [w.x`, '5:11', 'or "]"'],
    [`${DECLARED}me>A: w.x^3000000000`, '5:10', 'an int32'],
    [`${DECLARED}me>A: w.x~-2`, '5:11', 'a number of ticks, as in ~2, 0 or more'],
    [`${DECLARED}me>A: [B.x +2GiB]`, '5:13', 'at most 2147483647B'],
    [`${DECLARED}ledger A: [>99999999999GiB]`, '5:13', 'at most 9007199254740991B'],
    [`${DECLARED}me>A: #`, '5:7', 'a message'],
    [`${DECLARED}wants A: [c.x]`, '5:10', 'the wants at this tick'],
    [`${DECLARED}link A: {}x`, '5:11', '(writes are busy)'],
    [`${DECLARED}store: slow`, '5:12', 'how slow'],
    [`${DECLARED}me>store: del.x`, '5:11', 'an operation of the store'],
    [`${DECLARED}ledger A: >5B`, '5:11', 'bytes sent and received'],
    [`${DECLARED}order w.x@me>A`, '5:15', '"<" and what to compare it with'],
    [`${DECLARED}never {@me>A`, '5:7', 'one of w h c B H D'],
    [`${DECLARED}never cancel.x`, '5:7', 'one of'],
    [`${DECLARED}never w.q@me>A`, '5:9', 'a declared one'],
    [`${DECLARED}never peer-choosen.x@events`, '5:7', 'one of peer-up peer-down'],
    [`${DECLARED}never unwanted-block.x@events`, '5:7', 'unwanted-block.*'],
    [`${DECLARED}never ledger`, '5:7', 'one of ^ !'],
    [`${DECLARED}never x@link A`, '5:7', '* for anything'],
    [`${DECLARED}never w.r`, '5:7', 'a CID, or *'],
    [`${DECLARED}never H.r`, '5:7', 'a CID, or *'],
    [`${DECLARED}never s@me>A`, '5:7', 'a CID, or *'],
    [`${DECLARED}events: peer-choosen.x`, '5:9', 'one of peer-up peer-down'],
  ])('%j at %s', (text, place, expected) => {
    const error = errorOf(text)
    expect(`${error.position.line}:${error.position.column}`).toBe(place)
    expect(error.expected).toContain(expected)
  })

  it.each([
    [`${DECLARED}ledger A: [> 5B]`, 'an unexpected space'],
    [`${DECLARED}ledger A: [>`, 'the line ends here'],
    [`${DECLARED}ledger A: [>x`, 'unexpected "x"'],
  ])('%j tells what is there instead', (text, problem) => {
    expect(errorOf(text).problem).toBe(problem)
  })

  it.each(['marble 1', 'title', 'rule', 'source'])(
    'ask for the line "%s" of a specification',
    (missing) => {
      const header = ['marble 1', 'title A', 'rule B', 'source C']
        .filter((line) => !line.startsWith(missing))
        .join('\n')
      expect(() => parseMarble(header)).toThrow(`the file has no line "${missing.split(' ')[0]}"`)
    },
  )
})

const errorOf = (text: string): MarbleSyntaxError => {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof MarbleSyntaxError) return error
    throw error
  }
  throw new Error(`No error in ${text}`)
}
