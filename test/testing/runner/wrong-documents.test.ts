import { describe, expect, it } from 'vitest'
import { parseMarble } from '../../../src/testing/marble/parse.ts'
import { reportOf } from '../../../src/testing/runner/report.ts'
import { runMarble } from '../../../src/testing/runner/run-marble.ts'

/** The failures of a document, as its report begins. */
const failuresOf = (text: string): readonly string[] => {
  const { failures } = runMarble(parseMarble(text, { file: 'wrong', header: 'optional' }))
  return failures.map(({ problem }) => problem)
}

const reported = (text: string): string =>
  reportOf(runMarble(parseMarble(text, { header: 'optional' })), 'wrong.marble')

const RIGHT = `
peer A B
cid  x

app:   ^x    11ms  *x|
me>A:  w.x'  11ms  c.x
me>B:  h.x   11ms  c.x
A>me:        11ms  B.x
`

const changed = (from: string, to: string): string => {
  expect(RIGHT.split(from).length).toBe(2)
  return RIGHT.replace(from, to)
}

describe('a wrong document', () => {
  it('is not the right one', () => {
    expect(failuresOf(RIGHT)).toEqual([])
  })

  it.each([
    ['a message that does not come', 'h.x   11ms  c.x', 'h.x 11ms c.x h.x', 'me>B differs at 12ms'],
    ['a message that is not written', 'w.x\'  11ms  c.x', 'w.x\'', 'me>A differs at 11ms'],
    ['a lane that is not written', 'me>B:  h.x   11ms  c.x', 'B>me:  -', 'me>B differs at 0ms'],
    ['another tick', 'w.x\'  11ms  c.x', 'w.x\'  12ms  c.x', 'me>A differs at 11ms'],
    ['another verb', 'h.x   11ms', 'w.x\'  11ms', 'me>B differs at 0ms'],
    ['another flag', 'w.x\'', 'w.x', 'me>A differs at 0ms'],
    ['another priority', 'w.x\'', 'w.x^5\'', 'me>A differs at 0ms'],
    ['two messages for one', 'w.x\'  11ms  c.x', 'w.x\' 11ms [c.x][h.x]', 'me>A differs at 11ms'],
    ['a full list', 'w.x\'  11ms', '[full w.x\']  11ms', 'me>A differs at 0ms'],
    ['pending bytes', 'h.x   11ms', '[h.x +1B]   11ms', 'me>B differs at 0ms'],
    ['no delivery', '*x|', '-', 'app differs at 11ms'],
    ['another sender', '*x|', '*x(B)|', 'app differs at 11ms'],
    ['no completion', '*x|', '*x', 'app differs at 11ms'],
    ['an error', '*x|', '#x(NotFoundError)', 'app differs at 11ms'],
  ])('fails for %s', (_, from, to, problem) => {
    expect(failuresOf(changed(from, to))).toContain(problem)
  })

  it('shows what was written above what happened, and the run as a document that passes', () => {
    const text = reported(changed('me>B:  h.x   11ms  c.x', 'me>B:  h.x   12ms  c.x'))
    expect(text).toContain([
      'wrong.marble:7:20: me>B differs at 11ms',
      '  expected  h.x  11ms  -    c.x',
      '  actual    h.x  11ms  c.x',
      '                       ^',
    ].join('\n'))
    const [, pasted = ''] = text.split('What happened, as a document:')
    expect(failuresOf(pasted)).toEqual([])
  })

  it('says where each fault is', () => {
    const text = reported(`${changed('x\n\n', 'x y\n\n')}never c.x\nwants me: w.y`)
    const faults = [...text.matchAll(/^wrong\.marble:(\d+:\d+: .*)$/gm)]
    expect(faults.map(([, fault]) => fault)).toEqual([
      '10:11: wants me differs at 0ms',
      '9:1: never c.x: it happens, at 11ms',
    ])
  })

  it('tells a block from bytes that are not it', () => {
    const served = 'core server\npeer A\ncid x stored\nA>me: w.x\nme>A: B.x'
    expect(failuresOf(served)).toEqual([])
    expect(failuresOf(`${served}!`)).toEqual(['me>A differs at 0ms'])
  })

  it('tolerates what it says it tolerates, and no more', () => {
    expect(failuresOf(changed('w.x\'  11ms  c.x', 'w.x\'  13ms  c.x~2'))).toEqual([])
    const tooLate = changed('w.x\'  11ms  c.x', 'w.x\'  14ms  c.x~2')
    expect(failuresOf(tooLate)).toEqual(['me>A differs at 11ms'])
    const slow = (ms: number): string =>
      `peer A\ncid x\nstore: slow(${ms}ms)\napp: ^x\nme>A: - - - w.x'~2`
    expect(failuresOf(slow(5))).toEqual([])
    expect(failuresOf(slow(6))).toEqual(['me>A differs at 3ms'])
  })

  it('lets a peer speak the version in which it came up', () => {
    expect(failuresOf(`
peer A 1.0 down
cid  x

app:     -   ^x'   5ms  #x(NotFoundError)
link A:  up(1.2)
A>me:    -   -     5ms  D.x
me>A:    -   w.x'  5ms  c.x
`)).toEqual([])
  })

  it('compares only the order in mode order, and no ignored lane', () => {
    const late = changed('w.x\'  11ms  c.x', 'w.x\'  15ms  c.x')
    expect(failuresOf(`mode order\n${late}`)).toEqual([])
    const reversed = changed('w.x\'  11ms  c.x', 'c.x   11ms  w.x\'')
    expect(failuresOf(`mode order\n${reversed}`)).toEqual(['me>A differs at 0ms'])
    expect(failuresOf(`ignore me>A\n${late}`)).toEqual([])
  })

  it('compares the lanes of states and of the store where they are written', () => {
    expect(failuresOf(`${RIGHT}wants me: w.x\nme>store: has.x`)).toEqual([
      'wants me differs at 11ms', 'me>store differs at 11ms',
    ])
    expect(failuresOf(`${RIGHT}wants me: w.x 11ms []\nme>store: has.x 11ms put.x`)).toEqual([])
    expect(failuresOf(`${RIGHT}ledger A: - 11ms [<99B]`)).toEqual(['ledger A differs at 11ms'])
    expect(failuresOf(`${RIGHT}events: - 11ms block.x(B)`)).toEqual(['events differs at 11ms'])
    expect(failuresOf(`${RIGHT}events: - 11ms block.x(A)`)).toEqual([])
  })

  it('leaves priorities and the order of wants free where states do not speak of them', () => {
    const told = (wants: string): string => `
core server
peer A
cid  x y

A>me:     [w.x' w.y']  5ms  w.x^5'
me>A:     [D.x D.y]    5ms  D.x
wants A:  ${wants}`
    expect(failuresOf(told('[w.y\' w.x\']'))).toEqual([])
    expect(failuresOf(told('[w.x\' w.y\'] 5ms [w.y\' w.x\']'))).toEqual([])
    expect(failuresOf(told('[w.x\' w.y\'] 5ms [w.x^5\' w.y\']'))).toEqual([])
    expect(failuresOf(told('[w.x^1\' w.y\']'))).toEqual(['wants A differs at 5ms'])
    const [, pasted = ''] = reported(told('w.x\'')).split('What happened, as a document:')
    expect(failuresOf(pasted)).toEqual([])
  })

  it.each([
    'order B.x@A>me < c.x@me>B',
    'never w.x@me>B',
    'never D.*@me>A',
    'always cancels-follow-wants',
    'always no-want-twice',
    'always no-empty-message',
  ])('holds: %s', (check) => {
    expect(failuresOf(`${RIGHT}${check}`)).toEqual([])
  })

  it.each([
    ['order c.x@me>B < B.x@A>me', 'the second of it comes first, at 11ms'],
    ['order w.x < h.x < h.*', 'the second and the third of it are in one message, at 0ms'],
    ['order *x < *x', 'the first and the second of it are one and the same, at 11ms'],
    ['order *x < D.x@A>me', 'nothing that happens is the second of it'],
    ['never c.x', 'it happens, at 11ms'],
  ])('does not hold: %s', (check, problem) => {
    expect(failuresOf(`${RIGHT}${check}`)).toEqual([`${check}: ${problem}`])
  })

  it.each([
    ['order ^x < B.x@A>me', 'it puts inputs in order, which the file itself does'],
    ['never B.x@A>me', 'it is about inputs, which the file itself makes happen'],
    ['never @t', 'a tag marks what is written, which is to happen'],
    ['never #@link A', 'it is about inputs, which the file itself makes happen'],
    ['never *@app ui', 'the file has no lane app ui'],
    ['always one-send-at-a-time', 'nothing happens here that might break the rule'],
    ['permute B.x@A>me, ^x', 'it is about fewer than two inputs of one tick'],
  ])('cannot fail: %s', (check, why) => {
    const tagged = changed('*x|', '*x@t|x')
    expect(failuresOf(`${tagged}${check}`)).toEqual([`${check}: it cannot fail: ${why}`])
  })

  it.each(['be-good', 'constructor'])('names the rules there are: %s is none', (rule) => {
    expect(failuresOf(`${RIGHT}always ${rule}`)).toEqual([
      expect.stringContaining('no rule is called so; there are one-send-at-a-time,'),
    ])
  })

  it('fails when another order of the inputs of a tick gives another outcome', () => {
    const race = (delivery: string): string => `
peer A B
cid x
app:   ^x    5ms  ${delivery}
me>A:  w.x'  5ms  c.x
me>B:  h.x   5ms  c.x
A>me:  -     5ms  B.x
B>me:  -     5ms  B.x
permute B.x@A>me, B.x@B>me
`
    expect(failuresOf(race('*x|'))).toEqual([])
    expect(failuresOf(race('*x(A)|'))).toEqual([
      'permute B.x@A>me, B.x@B>me: in another order app differs at 5ms',
    ])
  })

  it.each(['y "a"\ncid z "a"', 'y 0B\ncid z 0B', 'y same x\ncid z same x'])(
    'has one name for each CID, unlike %j', (cids) => {
      expect(failuresOf(`${changed('x\n\n', `x\ncid ${cids}\n\n`)}wants A: [w.y w.z]`)).toContain(
        'y and z are the same CID: give them different texts or sizes',
      )
    },
  )

  it('permutes what there is, and not too much', () => {
    const flawOf = (permute: string): readonly string[] => failuresOf(`
peer A
cid  x1..x7
app:   ^x1..x7
me>A:  [w.x1..x7']
${permute}`)
    expect(flawOf('permute ^x1, ^x2')).toEqual([])
    expect(flawOf('permute ^x1, ^x2, !x3')).toEqual([
      'permute ^x1, ^x2, !x3: no input that changes places is !x3',
    ])
    expect(flawOf('permute ^x1, ^*')).toEqual([
      'permute ^x1, ^*: it is about 7 inputs of one tick: 6 at most',
    ])
  })

  it('is at fault if it expects nothing, or declares what it does not use', () => {
    const idle = 'it expects nothing: no output is written and compared, nor any check'
    expect(failuresOf('peer A\ncid x\nA>me: B.x')).toEqual([idle])
    const free = `ignore app\nignore me>A\nignore me>B\n${RIGHT}`
    expect(failuresOf(free)).toEqual([idle])
    expect(failuresOf(`${free}never D.x`)).toEqual([])
    expect(failuresOf(RIGHT.replace('A B', 'A B C').replace('cid  x', 'cid  x y'))).toEqual([
      expect.stringMatching(/^me>C differs/),
      'C is declared and never used',
      'y is declared and never used',
    ])
    const more = 'cid  x block want NotFoundError\nsession s\nretrieve r x in s\nsession t'
    const unused = `${RIGHT.replace('cid  x', more)}events: want.x 11ms block.x`
    expect(failuresOf(unused)).toEqual(['block', 'want', 'NotFoundError', 't', 'r'].map((name) =>
      `${name} is declared and never used`))
  })

  it.each([
    ['^x^x', '5:8: app subscribes to x twice: use a second lane'],
    ['^x,^s.x', '5:8: session s is used before it is opened: write ^s first'],
    ['^x,!s', '5:8: session s is used before it is opened: write ^s first'],
    ['^x^s^s', '5:8: session s is open already'],
    ['^x^s!s!s', '5:8: session s is closed already'],
    ['^x!?x', '5:8: app leaves ?x, to which it never subscribed'],
  ])('may not say %s', (inputs, fault) => {
    const text = changed('^x    11ms', `${inputs}  11ms`).replace('cid  x\n', 'cid  x\nsession s')
    expect(reported(text)).toContain(`wrong.marble:${fault}\n\n`)
  })

  it.each([
    ['link B: up', 'B is up already'],
    ['link B: down down', 'B is not up'],
    ['link B: }', 'no write to B stays in flight here: } comes after {'],
    ['link B: { } }', 'no write to B stays in flight here: } comes after {'],
    ['link B: down\nB>me: - w.x', 'B is not up: nobody hears it'],
    ['link B: down\nB>me: - #', 'B is not up: nobody hears it'],
    ['store: -x', 'x is not in the store'],
  ])('may not say what does nothing: %j', (lanes, fault) => {
    expect(failuresOf(`${RIGHT}${lanes}`)[0]).toBe(fault)
  })

  it.each([
    [
      'core client\noption server.taskWorkers 2',
      '3:1: server.taskWorkers sets nothing: the core is client',
    ],
    ['ignore A>me', '2:1: A>me is driven and never compared: there is nothing to ignore'],
  ])('may not say what makes no difference: %j', (line, fault) => {
    expect(reported(`\n${line}${RIGHT}`)).toContain(`wrong.marble:${fault}\n\n`)
  })

  it('tolerates no input that is late: it is not', () => {
    expect(failuresOf(changed('11ms  B.x', '11ms  B.x~2'))).toEqual([
      'an input comes when it is written: ~ is for outputs',
    ])
  })

  it('may not be impossible in another order', () => {
    expect(failuresOf(`
peer A
cid x
session s
app:   ^s^s.x
me>A:  w.x'
permute ^s, ^x`)).toEqual([
      'permute ^s, ^x: in another order session s is used before it is opened: write ^s first',
    ])
  })
})
