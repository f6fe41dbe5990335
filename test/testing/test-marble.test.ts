import { ignoreElements, interval, merge, retry, timeout } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { MarbleError, marbleMatchers, type PlayOptions, testMarble } from '../../src/testing/index.ts'

// As docs/testing.md has it.
declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- as vitest declares it
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    toPlay: (text: string) => R
  }
}

/** An application that waits 50 ms for a block, and tries twice. */
const patient: NonNullable<PlayOptions['want']> = ({ clock }) => (asking, cid) =>
  asking.want(cid).pipe(timeout({ first: 50, scheduler: clock.scheduler }), retry(1))

const SECOND_TRY = `
  peer A
  cid  x
  app:   ^x    50ms  -     10ms  *x|
  me>A:  w.x'  50ms  w.x'  10ms  c.x
  A>me:        60ms  B.x
`
const NO_THIRD_TRY = `
  peer A
  cid  x
  app:   ^x    50ms  -     50ms  #x(TimeoutError)
  me>A:  w.x'  50ms  w.x'  50ms  c.x
`

describe('testMarble', () => {
  it('plays an application\'s own way to a block', () => {
    expect(testMarble(SECOND_TRY, { want: patient }).failures).toEqual([])
    testMarble(NO_THIRD_TRY, { want: patient })
  })

  it('lets a pipeline go on while it is listened to, and leave no timers of its own', () => {
    const text = `
      peer A
      cid  x
      app:   ^x    10ms  *x
      me>A:  w.x'  10ms  c.x
      A>me:        10ms  B.x
    `
    testMarble(text, {
      want: ({ clock }) => (asking, cid) =>
        merge(asking.want(cid), interval(10, clock.scheduler).pipe(ignoreElements())),
    })
    const forgetful: typeof patient = ({ clock }) => (asking, cid) => {
      clock.after(60_000, () => {})
      return asking.want(cid)
    }
    expect(() => testMarble(text.replace('*x', '*x|'), { want: forgetful })).toThrow(
      '1 timer is left when the node has stopped, of the node or of the pipeline that is played',
    )
  })

  it('throws a report of what went otherwise', () => {
    let error: unknown
    try {
      testMarble(SECOND_TRY, { file: 'patience.marble' })
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(MarbleError)
    const { name, message, run } = error as MarbleError
    expect(name).toBe('MarbleError')
    expect(message).toMatch(/^patience\.marble:5:22: me>A differs at 50ms\n {2}expected {2}w\.x' /)
    expect(run.failures.length).toBe(1)
  })

  it('throws at once at what is no marble', () => {
    expect(() => testMarble('peer A\nme>A: w.x')).toThrow('marble:2:9: no CID is called "x"')
  })

  it('is a matcher, too', () => {
    expect.extend(marbleMatchers)
    expect(patient).toPlay(SECOND_TRY)
    expect(() => { expect(patient).toPlay(NO_THIRD_TRY.replace('50ms  #', '49ms  #')) })
      .toThrow('app differs at 99ms')
    expect(marbleMatchers.toPlay(patient, SECOND_TRY).pass).toBe(true)
    const impatient = marbleMatchers.toPlay(() => (asking, cid) => asking.want(cid), SECOND_TRY)
    expect(impatient.pass).toBe(false)
    expect(impatient.message()).toContain('me>A differs at 50ms')
  })
})
