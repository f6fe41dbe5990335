import { expect, it } from 'vitest'
import { parseMarble } from '../../src/testing/marble/parse.ts'
import { reportOf } from '../../src/testing/runner/report.ts'
import { runMarble } from '../../src/testing/runner/run-marble.ts'

/** Two peers, one of which delivers: right as it stands, in lines that can be made wrong. */
const RIGHT = {
  peers: 'peer    A B',
  cids: 'cid     x',
  app: 'app:    ^x    10ms  *x|',
  in: 'A>me:   -     10ms  B.x',
  toA: 'me>A:   w.x\'  10ms  c.x',
  toB: 'me>B:   h.x   10ms  c.x',
  check: 'order   B.x@A>me < c.x@me>B',
}

const reportedOf = (lines: Partial<typeof RIGHT>): string => {
  const text = Object.values({ ...RIGHT, ...lines }).filter((line) => line !== '').join('\n')
  return reportOf(runMarble(parseMarble(text, { header: 'optional' })), 'wrong.marble')
}

/** Line, column and problem of each failure. */
const problemsOf = (lines: Partial<typeof RIGHT>): string[] =>
  [...reportedOf(lines).matchAll(/^wrong\.marble: ?(.*)$/gm)].map(([, problem]) => problem!)

it('what is right passes', () => {
  expect(problemsOf({})).toEqual([])
})

it.each<{ name: string, lines: Partial<typeof RIGHT>, problems: string[] }>([
  {
    name: 'a tick too late',
    lines: { toA: 'me>A:   w.x\'  11ms  c.x' },
    problems: ['5:21: me>A differs at 10ms'],
  },
  {
    name: 'a tick too early',
    lines: { app: 'app:    ^x    9ms  *x|' },
    problems: ['3:20: app differs at 9ms'],
  },
  {
    name: 'a message that does not come',
    lines: { toA: 'me>A:   w.x\'  5ms  h.x  5ms  c.x' },
    problems: ['5:20: me>A differs at 5ms'],
  },
  {
    name: 'a message that is not written',
    lines: { toB: 'me>B:   h.x' },
    problems: ['6:1: me>B differs at 10ms'],
  },
  {
    name: 'a lane that is not written',
    lines: { toB: '', check: '' },
    problems: ['me>B differs at 0ms', '1:1: B is declared and never used'],
  },
  {
    name: 'two messages where one goes out',
    lines: {
      cids: 'cid     x y',
      app: 'app:    ^x^y           10ms  *x|',
      toA: 'me>A:   [w.x\'][h.y]    10ms  c.x',
      toB: 'me>B:   [h.x w.y\']     10ms  c.x',
    },
    problems: ['5:9: me>A differs at 0ms'],
  },
  {
    name: 'another verb',
    lines: { toB: 'me>B:   w.x   10ms  c.x' },
    problems: ['6:9: me>B differs at 0ms'],
  },
  {
    name: 'a flag too few',
    lines: { toA: 'me>A:   w.x   10ms  c.x' },
    problems: ['5:9: me>A differs at 0ms'],
  },
  {
    name: 'another error than the one that comes',
    lines: {
      peers: 'peer    A',
      app: 'app:    ^x\'   10ms  #x(TimeoutError)',
      in: 'A>me:   -     10ms  D.x',
      toB: '',
      check: '',
    },
    problems: ['3:21: app differs at 10ms'],
  },
  {
    name: 'an order that is the other way round',
    lines: { check: 'order   c.x@me>B < h.x@me>B' },
    problems: ['7:1: order c.x@me>B < h.x@me>B: the second of it comes first, at 0ms'],
  },
  {
    name: 'an order of what does not happen',
    lines: { check: 'order   h.x@me>B < w.x@me>B' },
    problems: ['7:1: order h.x@me>B < w.x@me>B: nothing that happens is the second of it'],
  },
  {
    name: 'a never that happens',
    lines: { check: 'never   c.x@me>B' },
    problems: ['7:1: never c.x@me>B: it happens, at 10ms'],
  },
  {
    name: 'a never that cannot happen',
    lines: { check: 'never   H.x@A>me' },
    problems: [
      '7:1: never H.x@A>me: it cannot fail: it is about inputs, which the file itself makes happen',
    ],
  },
  {
    name: 'a rule that nothing here can break',
    lines: { check: 'always  one-send-at-a-time' },
    problems: [
      '7:1: always one-send-at-a-time: it cannot fail: '
      + 'nothing happens here that might break the rule',
    ],
  },
  {
    name: 'a permutation of one input',
    lines: { check: 'permute B.x@A>me, H.x@A>me' },
    problems: [
      '7:1: permute B.x@A>me, H.x@A>me: it cannot fail: '
      + 'it is about fewer than two inputs of one tick',
    ],
  },
  {
    name: 'a peer and a CID that nobody uses',
    lines: { peers: 'peer    A B\npeer    C down', cids: 'cid     x y' },
    problems: ['2:1: C is declared and never used', '3:1: y is declared and never used'],
  },
  {
    name: 'nothing that is expected',
    lines: {
      peers: 'peer    A', app: 'app:    +x', in: 'A>me:   H.x', toA: '', toB: '', check: '',
    },
    problems: ['it expects nothing: no output is written, nor any check'],
  },
])('$name fails', ({ lines, problems }) => {
  expect(problemsOf(lines)).toEqual(problems)
})

it('the rows are shown one above the other, then what happened as a whole', () => {
  const report = reportedOf({ toA: 'me>A:   w.x\'  11ms  c.x' })
  expect(report).toContain([
    'wrong.marble:5:21: me>A differs at 10ms',
    '  expected  w.x\'  10ms  -    c.x',
    '  actual    w.x\'  10ms  c.x',
    '                        ^',
    '',
    'What happened, as a document:',
  ].join('\n'))
})
