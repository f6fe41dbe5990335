import { describe, expect, it } from 'vitest'
import { diffRows } from '../../../src/testing/marble/diff.ts'
import type { Lane } from '../../../src/testing/marble/lanes.ts'
import { parseMarble } from '../../../src/testing/marble/parse.ts'

const laneOf = (cells: string): Lane | undefined =>
  parseMarble(`peer A\ncid x y\nme>A: ${cells}`, { header: 'optional' }).lanes[0]

const difference = (
  tick: number,
  expected: Lane | undefined,
  actual: Lane | undefined,
  width?: number,
): string =>
  diffRows(
    { lane: { kind: 'out', peer: 'A' }, tick, tickMs: 1, file: 'a.marble', expected, actual },
    width,
  )

describe('diffRows', () => {
  it('sets the rows in the same columns, a caret under what came too early', () => {
    expect(difference(10, laneOf('w.x 12ms c.x'), laneOf('w.x 10ms c.x'))).toBe([
      'a.marble:3:1: me>A differs at 10ms',
      '  expected  w.x  10ms  -    -  c.x',
      '  actual    w.x  10ms  c.x',
      '                       ^',
    ].join('\n'))
  })

  it('points into a message', () => {
    expect(difference(0, laneOf('[w.x w.y]'), laneOf('[w.x w.y\']'))).toBe([
      'a.marble:3:1: me>A differs at 0ms',
      '  expected  [w.x w.y]',
      '  actual    [w.x w.y\']',
      '                    ^',
    ].join('\n'))
  })

  it('shows what nobody expected', () => {
    expect(difference(5, undefined, laneOf('5ms c.x'))).toBe([
      'a.marble: me>A differs at 5ms',
      '  expected',
      '  actual    5ms  c.x',
      '                 ^',
    ].join('\n'))
  })

  it('shows what did not happen, and of a long lane the cells before it', () => {
    const long = Array.from({ length: 40 }, () => 'w.x').join(' ')
    expect(difference(40, laneOf(`${long} c.x`), laneOf(long), 60)).toBe([
      'a.marble:3:1: me>A differs at 40ms',
      '  expected  35ms  w.x  w.x  w.x  w.x  w.x  c.x',
      '  actual    35ms  w.x  w.x  w.x  w.x  w.x',
      '                                           ^',
    ].join('\n'))
  })
})
