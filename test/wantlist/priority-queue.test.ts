import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { priorityQueue } from '../../src/wantlist/priority-queue.ts'

interface Item {
  readonly priority: number
  readonly arrival: number
}

const isBefore = (a: Item, b: Item): boolean =>
  a.priority > b.priority || (a.priority === b.priority && a.arrival < b.arrival)

describe('priorityQueue', () => {
  it('hands out what lives, in order, as a sorted list would', () => {
    const command = fc.oneof(
      fc.record({ type: fc.constant('push' as const), priority: fc.integer({ min: 0, max: 9 }) }),
      fc.record({ type: fc.constant('pop' as const) }),
      fc.record({ type: fc.constant('leave' as const), place: fc.nat() }),
    )
    fc.assert(fc.property(fc.array(command, { maxLength: 400 }), (commands) => {
      const model: Item[] = []
      const queue = priorityQueue<Item>(isBefore, (item) => model.includes(item))
      commands.forEach((step, arrival) => {
        const first = (): Item | undefined => model.toSorted((a, b) => isBefore(a, b) ? -1 : 1)[0]
        if (step.type === 'push') {
          const item = { priority: step.priority, arrival }
          model.push(item)
          queue.push(item)
        } else if (step.type === 'leave' && model.length > 0) {
          model.splice(step.place % model.length, 1)
          queue.left()
        } else {
          const expected = first()
          expect(queue.peek()).toBe(expected)
          expect(queue.pop()).toBe(expected)
          if (expected !== undefined) model.splice(model.indexOf(expected), 1)
        }
      })
    }))
  })

  it('does not keep the dead', () => {
    const live = new Set<number>()
    const queue = priorityQueue<number>((a, b) => a > b, (item) => live.has(item))
    for (let item = 0; item < 10_000; item += 1) {
      live.add(item)
      queue.push(item)
      if (item < 10) continue
      live.delete(item)
      queue.left()
    }
    expect(queue.size).toBeLessThan(200)
    expect(queue.pop()).toBe(9)
  })
})
