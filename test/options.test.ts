import { describe, expect, it } from 'vitest'
import { CLIENT_DEFAULTS, SERVER_DEFAULTS, settingsOf } from '../src/options.ts'

describe('settingsOf', () => {
  it('has every default, and what is given in its place', () => {
    expect(settingsOf({})).toEqual({ client: CLIENT_DEFAULTS, server: SERVER_DEFAULTS })
    expect(settingsOf({ client: true, server: { taskWorkers: 3 } }))
      .toEqual({ client: CLIENT_DEFAULTS, server: { ...SERVER_DEFAULTS, taskWorkers: 3 } })
  })

  it('switches a half off', () => {
    expect(settingsOf({ client: false, server: false })).toEqual({})
  })

  it('takes undefined, as of a value that was not configured, for the default', () => {
    const options: Record<string, object> = { client: { maxWantsPerPeer: undefined } }
    expect(settingsOf(options).client).toEqual(CLIENT_DEFAULTS)
  })

  it.each([
    [{ client: { maxWantsPerPeer: -1 } }, 'maxWantsPerPeer must be at least 0, not -1'],
    [{ server: { taskWorkers: NaN } }, 'taskWorkers must be at least 0, not NaN'],
    [{ server: { notifyRetryMs: [1, -10] } }, 'notifyRetryMs must be at least 0, not 1,-10'],
  ])('refuses %o', (options, message) => {
    expect(() => settingsOf(options)).toThrow(new RangeError(message))
  })

  it('takes 0, Infinity and no delays at all', () => {
    const options = {
      client: { broadcastPeers: 0, rebroadcastMs: Infinity }, server: { notifyRetryMs: [] },
    }
    expect(settingsOf(options)).toMatchObject(options)
  })
})
