import { expect, it } from 'vitest'
import { wirePriority } from '../../src/wantlist/priority.ts'

it('is an int32 that keeps the order of asking, whatever priority is asked for', () => {
  for (const priority of [0, 0.5, 1, -1, 1e300, -1e300, Infinity, -Infinity, NaN]) {
    const [first, second] = [wirePriority(priority, 0), wirePriority(priority, 1)] as const
    expect(first).toBe(first | 0)
    expect(first).toBeGreaterThan(second)
  }
})

it('counts what is no number as 0', () => {
  expect(wirePriority(NaN, 7)).toBe(wirePriority(0, 7))
})
