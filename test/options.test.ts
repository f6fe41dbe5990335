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
})
