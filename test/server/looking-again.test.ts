/** What was notified is looked for by the delays of `notifyRetryMs`, whatever the store does. */
import { map, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { multihashKey } from '../../src/message/keys.ts'
import { after } from '../../src/operators/after.ts'
import { MAX_MESSAGE_BYTES, SERVER_DEFAULTS } from '../../src/options.ts'
import type { NowOrLater } from '../../src/ports.ts'
import type { ServerInput } from '../../src/server/contract.ts'
import { decisionEngine } from '../../src/server/decision-engine.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'
import { alice, block, bob, serving, wantBlock } from './serving.ts'

describe('a notified block that is there and cannot be sent', () => {
  const unreadable = block('unreadable', 5_000)
  const huge = block('huge', MAX_MESSAGE_BYTES)
  const looks = SERVER_DEFAULTS.notifyRetryMs.length + 2

  it.each([
    ['cannot be read', 'before', unreadable],
    ['fits no message', 'before', huge],
    ['fits no message', 'after', huge],
  ] as const)('because it %s, wanted %s its notify, is seldom read', (_why, when, wanted) => {
    let reads = 0
    const server = serving({
      fail: (operation) => {
        if (operation !== 'get') return undefined
        reads += 1
        return wanted === unreadable ? new Error('EIO') : undefined
      },
    })
    if (when === 'before') server.want(alice, wanted)
    server.store.add(wanted)
    server.hear({ type: 'notify', cids: [wanted.cid] })
    if (when === 'after') server.want(alice, wanted)
    server.clock.runUntilIdle()
    expect(reads).toBeLessThanOrEqual(looks)
    expect(server.errors.length).toBeLessThanOrEqual(looks)
  })
})

describe('a block that is stored while a look-up, begun before, does not see it', () => {
  const { cid, bytes } = block('a', 5_000)

  /** A store that answers with what it saw when it was asked, 10 ms later. */
  const engine = () => {
    const clock = virtualClock()
    const input$ = new Subject<ServerInput>()
    const sentAt: number[] = []
    let stored: Uint8Array | undefined
    const slow = <T>(seen: T): NowOrLater<T> => after(clock, 10).pipe(map(() => seen))
    const lookup = {
      has: () => slow(stored !== undefined),
      size: () => slow(stored?.byteLength),
      get: () => slow(stored),
      put: () => undefined,
    }
    decisionEngine({ lookup, clock, options: SERVER_DEFAULTS })(input$).subscribe((output) => {
      if (output.type === 'delta' && output.blocks?.length === 1) sentAt.push(clock.now())
    })
    const store = (): void => {
      stored = bytes
      const { byteLength } = bytes
      const blocks = [{ key: multihashKey(cid), byteLength, from: bob }]
      input$.next({ type: 'blocks-received', blocks })
    }
    return { clock, input$, sentAt, store }
  }

  it.each([6_311, 36_311])('%d ms after its notify is sent soon', (lookMs) => {
    const { clock, input$, sentAt, store } = engine()
    const wantlist = { entries: [wantBlock(cid)], full: false }
    const message = { wantlist, blocks: [], presences: [], pendingBytes: 0 }
    input$.next({ type: 'peer-up', peer: alice, supportsHave: true })
    input$.next({ type: 'message', peer: alice, byteLength: 0, message })
    clock.advance(50)
    input$.next({ type: 'notify', cids: [cid] })
    clock.advance(lookMs + 5)
    store()
    clock.advance(100)
    expect(sentAt).toHaveLength(1)
  })
})
