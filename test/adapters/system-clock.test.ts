import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '../../src/adapters/system-clock.ts'

test('now never goes back', () => {
  const earlier = systemClock.now()
  expect(systemClock.now()).toBeGreaterThanOrEqual(earlier)
})

/** What comes first: a microtask asked for after it, or `soon`? */
const soonAndMicrotask = async (): Promise<string[]> => {
  const order: string[] = []
  await new Promise<void>((resolve) => {
    systemClock.soon(() => {
      order.push('soon')
      if (order.length === 3) resolve()
    })
    queueMicrotask(() => {
      order.push('microtask')
      if (order.length === 3) resolve()
    })
    order.push('now')
  })
  return order
}

test('soon comes when all is heard that the sockets hold', async () => {
  expect(await soonAndMicrotask()).toEqual(['now', 'microtask', 'soon'])
})

test('soon comes at the end of the run of code where nothing more can be told', async () => {
  vi.stubGlobal('setImmediate', undefined)
  onTestFinished(() => { vi.unstubAllGlobals() })
  expect(await soonAndMicrotask()).toEqual(['now', 'soon', 'microtask'])
})

test('after comes in order of its delay', async () => {
  const order: string[] = []
  await new Promise<void>((resolve) => {
    systemClock.after(5, () => {
      order.push('later')
      resolve()
    })
    systemClock.after(0, () => order.push('after'))
    order.push('now')
  })
  expect(order).toEqual(['now', 'after', 'later'])
})

test('a cancelled task does not run', async () => {
  const ran: string[] = []
  const cancel = systemClock.after(0, () => ran.push('cancelled'))
  systemClock.after(0, () => ran.push('other'))
  cancel()
  await new Promise((resolve) => setTimeout(resolve, 10))
  expect(ran).toEqual(['other'])
})

test('a delay beyond what timers can count is as long as they can, not as short', async () => {
  const ran: string[] = []
  const cancels = [2 ** 31, Infinity].map((delayMs) =>
    systemClock.after(delayMs, () => ran.push(`after ${delayMs}`)))
  await new Promise<void>((resolve) => { systemClock.after(10, resolve) })
  for (const cancel of cancels) cancel()
  expect(ran).toEqual([])
})

test('a timer does not hold the process open', async () => {
  const module = fileURLToPath(new URL('../../src/adapters/system-clock.ts', import.meta.url))
  const program = `
    import { systemClock } from ${JSON.stringify(module)}
    systemClock.after(3_600_000, () => {})
    console.log('done')
  `
  const { stdout } = await promisify(execFile)(
    process.execPath, ['--input-type=module', '--eval', program], { timeout: 60_000 },
  )
  expect(stdout).toBe('done\n')
})
