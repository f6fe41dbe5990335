import { config, take } from 'rxjs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { trampoline } from '../../src/operators/index.ts'

afterEach(() => {
  config.onUnhandledError = null
})

describe('trampoline', () => {
  it('delivers an event sent during a delivery after it, to everybody', () => {
    const { next, event$ } = trampoline<string>()
    const heard: string[] = []
    event$.subscribe((event) => {
      heard.push(`1${event}`)
      if (event === 'A') for (const answer of 'BC') next(answer)
      if (event === 'B') next('D')
    })
    event$.subscribe((event) => heard.push(`2${event}`))
    next('A')
    expect(heard).toEqual(['1A', '2A', '1B', '2B', '1C', '2C', '1D', '2D'])
  })

  it('delivers 50,000 events that each lead to the next', () => {
    const { next, event$ } = trampoline<number>()
    let last = 0
    event$.subscribe((event) => {
      last = event
      if (event < 50_000) next(event + 1)
    })
    next(1)
    expect(last).toBe(50_000)
  })

  it('replays nothing', () => {
    const { next, event$ } = trampoline<string>()
    const heard: string[] = []
    next('A')
    event$.subscribe((event) => heard.push(event))
    next('B')
    expect(heard).toEqual(['B'])
  })

  it('lets subscribers come and go during a delivery', () => {
    const { next, event$ } = trampoline<string>()
    const heard: string[] = []
    const listen = (name: string) => event$.subscribe((event) => heard.push(`${name}${event}`))
    event$.pipe(take(1)).subscribe(() => {
      leaver.unsubscribe()
      listen('new')
    })
    const leaver = listen('left')
    listen('stayed')
    next('A')
    next('B')
    expect(heard).toEqual(['stayedA', 'stayedB', 'newB'])
  })

  describe('complete', () => {
    it('ends after the events that came before', () => {
      const { next, complete, event$ } = trampoline<string>()
      const heard: string[] = []
      event$.subscribe({
        next: (event) => {
          heard.push(event)
          if (event !== 'A') return
          next('B')
          complete()
          next('C')
        },
        complete: () => heard.push('end'),
      })
      event$.subscribe((event) => heard.push(event.toLowerCase()))
      next('A')
      next('D')
      expect(heard).toEqual(['A', 'a', 'B', 'b', 'end'])
    })

    it('completes a late subscriber at once', () => {
      const { complete, event$ } = trampoline<string>()
      const completed = vi.fn<() => void>()
      complete()
      complete()
      event$.subscribe({ complete: completed })
      expect(completed).toHaveBeenCalledOnce()
    })
  })

  describe('a subscriber that throws', () => {
    /** The next errors that RxJS reports. */
    const reports = (count: number) => new Promise<unknown[]>((resolve) => {
      const errors: unknown[] = []
      config.onUnhandledError = (error) => { if (errors.push(error) === count) resolve(errors) }
    })

    it('disturbs neither the sender nor the others; its error is reported', async () => {
      const { next, event$ } = trampoline<string>()
      const heard: string[] = []
      const reported = reports(2)
      event$.subscribe(() => { throw new Error('broken') })
      event$.subscribe((event) => heard.push(event))
      next('A')
      next('B')
      expect(heard).toEqual(['A', 'B'])
      expect(await reported).toEqual([new Error('broken'), new Error('broken')])
    })

    it('at its end does not keep the others from theirs; its error is reported', async () => {
      const { complete, event$ } = trampoline<string>()
      const completed = vi.fn<() => void>()
      const reported = reports(1)
      event$.subscribe().add(() => { throw new Error('broken') })
      event$.subscribe({ complete: completed })
      complete()
      expect(completed).toHaveBeenCalledOnce()
      expect(await reported).toMatchObject([{ errors: [new Error('broken')] }])
    })
  })

  it('forgets 10,000 subscribers that left', () => {
    const { next, event$ } = trampoline<string>()
    let heard = 0
    const listen = () => event$.subscribe(() => { heard += 1 })
    const subscriptions = Array.from({ length: 10_000 }, listen)
    next('A')
    for (const subscription of subscriptions) subscription.unsubscribe()
    next('B')
    expect(heard).toBe(10_000)
  })
})
