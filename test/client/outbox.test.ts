import { describe, expect, it } from 'vitest'
import type { Request } from '../../src/client/contract.ts'
import { outbox } from '../../src/client/outbox.ts'
import { newPeerWants } from '../../src/client/want.ts'
import type { WantlistEntry } from '../../src/message/message.ts'
import { simulatedBlock } from '../../src/testing/simulated-block.ts'
import { simulatedPeerId } from '../../src/testing/simulated-peer-id.ts'

const entry: WantlistEntry = { type: 'cancel', cid: simulatedBlock('a').cid }

/** Tells a peer so much at leisure, and how many entries leave with the next post. */
const leaving = (owed: number, entries: number): number => {
  let left = 0
  const { tell, post, release } = outbox<Request>({
    next: (output) => {
      if (output.type === 'delta') left += output.entries?.length ?? 0
    },
    complete: () => undefined,
  })
  const peer = newPeerWants<Request>(simulatedPeerId('A'), true, 0)
  peer.awaited = owed
  for (let told = 0; told < entries; told += 1) tell(peer, entry, 'at-leisure')
  post()
  release()
  return left
}

describe('what a peer may be told at leisure', () => {
  it('waits while the peer owes an answer', () => {
    expect(leaving(1, 63)).toBe(0)
  })

  it('leaves when there is much of it', () => {
    expect(leaving(1, 64)).toBe(64)
  })

  it('leaves at once when no answer is to come', () => {
    expect(leaving(0, 1)).toBe(1)
  })
})
