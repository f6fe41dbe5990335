import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { prefixOf } from '../../src/message/cid-prefix.ts'
import { decodeMessage } from '../../src/message/decode.ts'
import { encodeFrame, encodeMessage } from '../../src/message/encode.ts'
import { SPLICED_BLOCK_BYTES } from '../../src/message/size.ts'
import { frame } from '../../src/message/frame.ts'
import type { OutgoingMessage, ReceivedMessage } from '../../src/message/message.ts'
import { BITSWAP_PROTOCOLS } from '../../src/message/protocols.ts'
import { messageBytes } from '../../src/message/size.ts'
import * as arbitrary from './arbitraries.ts'
import { block, outgoing } from './fixtures.ts'
import { heliaCodec, inHeliaTerms, withoutDefaults } from './helia-codec.ts'

/** What the receiver of a message sees of it: blocks without their digests. */
const asReceived = (message: OutgoingMessage): ReceivedMessage => ({
  ...message,
  blocks: message.blocks.map(({ cid, bytes }) => ({ prefix: prefixOf(cid), bytes })),
})

const everyMessage = (holds: (message: OutgoingMessage) => void): void => {
  fc.assert(fc.property(arbitrary.message, holds))
}
const protocol = fc.constantFrom(...BITSWAP_PROTOCOLS)

describe('a message', () => {
  it('is received as it was sent', () => {
    everyMessage((message) => {
      expect(decodeMessage(encodeMessage(message).subarray())).toEqual(asReceived(message))
    })
  })

  it('is as long as its size says, over every protocol', () => {
    fc.assert(fc.property(arbitrary.message, protocol, (message, version) => {
      expect(encodeMessage(message, version).byteLength).toBe(messageBytes(message, version))
    }))
  })

  it('is framed at once as it is in two steps', () => {
    fc.assert(fc.property(arbitrary.message, protocol, (message, version) => {
      const inTwoSteps = frame(encodeMessage(message, version)).subarray()
      expect(encodeFrame(message, version).subarray()).toEqual(inTwoSteps)
    }))
  })

  it('gives its CIDs as multiformats makes them', () => {
    fc.assert(fc.property(arbitrary.cid, (cid) => {
      const presences = [{ type: 'have', cid }] as const
      const [presence] = decodeMessage(encodeMessage(outgoing({ presences })).subarray()).presences
      expect(presence?.cid).toEqual(CID.decode(cid.bytes))
    }))
  })
})

describe('large blocks', () => {
  const large = block(1, SPLICED_BLOCK_BYTES)
  const small = block(2, SPLICED_BLOCK_BYTES - 1)

  it('are parts of their own, not copies', () => {
    const parts = [...encodeMessage(outgoing({ blocks: [large, small, large] }))]
    expect(parts.map((part) => part === large.bytes)).toEqual([false, true, false, true])
  })

  it('leave small messages in one part, frame and all', () => {
    expect([...encodeFrame(outgoing({ blocks: [small, small] }))]).toHaveLength(1)
  })
})

describe('@helia/bitswap\'s generated codec', () => {
  it('reads what we write', () => {
    everyMessage((message) => {
      expect(heliaCodec.decode(encodeMessage(message).subarray()))
        .toEqual(withoutDefaults(inHeliaTerms(message)))
    })
  })

  it('writes what we read', () => {
    everyMessage((message) => {
      expect(decodeMessage(heliaCodec.encode(inHeliaTerms(message)))).toEqual(asReceived(message))
    })
  })
})
