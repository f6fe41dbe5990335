import { describe, expect, it } from 'vitest'
import { multihashKey } from '../../src/message/keys.ts'
import { peerTasks } from '../../src/server/peer-tasks.ts'
import { newTask } from '../../src/server/task.ts'
import type { Task, TaskType } from '../../src/server/task.ts'
import { alice, block, wantBlock } from './serving.ts'

const a = block('a')
const key = multihashKey(a.cid)

const task = (type: TaskType, over: { priority?: number, bytes?: number } = {}): Task =>
  newTask(key, wantBlock(a.cid, { priority: over.priority ?? 1 }), type, over.bytes)

const takeAll = (tasks: ReturnType<typeof peerTasks>): Task[] => {
  const taken: Task[] = []
  for (let next = tasks.take(); next !== undefined; next = tasks.take()) taken.push(next)
  return taken
}

const cases: [TaskType, TaskType, TaskType][] = [
  ['dont-have', 'dont-have', 'dont-have'],
  ['dont-have', 'have', 'have'],
  ['dont-have', 'block', 'block'],
  ['have', 'dont-have', 'have'],
  ['have', 'have', 'have'],
  ['have', 'block', 'block'],
  ['block', 'dont-have', 'block'],
  ['block', 'have', 'block'],
  ['block', 'block', 'block'],
]

describe('a task for the same block', () => {
  it.each(cases)('%s queued, then %s, is answered with %s', (first, second, merged) => {
    const tasks = peerTasks(alice, 1)
    tasks.push(task(first))
    tasks.push(task(second))
    expect(tasks.size).toBe(1)
    expect(takeAll(tasks).map(({ type }) => type)).toEqual([merged])
  })

  it.each(cases)('%s active, then %s, is sent only if it is better', (first, second, merged) => {
    for (const isHandedOver of [false, true]) {
      const tasks = peerTasks(alice, 1)
      tasks.push(task(first))
      for (const taken of takeAll(tasks)) if (isHandedOver) tasks.handOver(taken, 10)
      tasks.push(task(second))
      const expected = merged === first ? [] : [merged]
      expect(takeAll(tasks).map(({ type }) => type)).toEqual(expected)
    }
  })

  it('keeps the higher priority, the earlier place and the size that is known', () => {
    const tasks = peerTasks(alice, 1)
    const other = block('other')
    tasks.push(task('block', { priority: 1, bytes: 70 }))
    tasks.push(newTask(multihashKey(other.cid), wantBlock(other.cid, { priority: 5 }), 'block', 30))
    tasks.push(task('have', { priority: 5 }))
    expect(tasks.pendingBytes(1_000)).toBe(100)
    expect(takeAll(tasks).map(({ cid }) => cid)).toEqual([a.cid, other.cid])
    expect(tasks.pendingBytes(1_000)).toBe(0)
  })

  it('loses neither priority nor the wish for a DONT_HAVE to a later one', () => {
    const tasks = peerTasks(alice, 1)
    const asking = wantBlock(a.cid, { priority: 5, sendDontHave: true })
    tasks.push(newTask(key, asking, 'block'))
    tasks.push(task('block', { priority: 1 }))
    expect(tasks.take()).toMatchObject({ priority: 5, sendDontHave: true })
  })

  it('counts a block of unknown size as the mean', () => {
    const tasks = peerTasks(alice, 1)
    tasks.push(task('block'))
    expect(tasks.pendingBytes(1_000)).toBe(1_000)
    tasks.push(task('block', { bytes: 70 }))
    expect(tasks.pendingBytes(1_000)).toBe(70)
  })
})

describe('an active task', () => {
  it('counts as outstanding from its hand-over until it is settled', () => {
    const tasks = peerTasks(alice, 1)
    tasks.push(task('block'))
    const [taken] = takeAll(tasks) as [Task]
    expect(tasks.outstandingBytes).toBe(0)
    expect(tasks.settle(key, 'block')).toBeUndefined()
    tasks.handOver(taken, 100)
    expect(tasks.outstandingBytes).toBe(100)
    expect(tasks.settle(key, 'block')).toBe(taken)
    expect(tasks.settle(key, 'block')).toBeUndefined()
    expect(tasks.outstandingBytes).toBe(0)
  })

  it('that is withdrawn stays outstanding, and serves nothing', () => {
    const tasks = peerTasks(alice, 1)
    tasks.push(task('block'))
    for (const taken of takeAll(tasks)) tasks.handOver(taken, 100)
    expect(tasks.withdraw(key)).toBe(false)
    expect(tasks.outstandingBytes).toBe(100)
    expect(tasks.settle(key, 'block')).toBeUndefined()
    expect(tasks.outstandingBytes).toBe(0)
  })

  it('of a block outlives the HAVE that went before', () => {
    const tasks = peerTasks(alice, 1)
    tasks.push(task('have'))
    for (const taken of takeAll(tasks)) tasks.handOver(taken, 40)
    tasks.push(task('block'))
    for (const taken of takeAll(tasks)) tasks.handOver(taken, 100)
    expect(tasks.settle(key, 'have')).toBeUndefined()
    expect(tasks.outstandingBytes).toBe(100)
    expect(tasks.settle(key, 'block')?.type).toBe('block')
    expect(tasks.outstandingBytes).toBe(0)
  })
})
