/** boxo's rules, `bitswap/message`: what a message says twice it says once. */
import fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { describe, expect, it } from 'vitest'
import { decodeMessage } from '../../src/message/decode.ts'
import { encodeMessage } from '../../src/message/encode.ts'
import { mergeEntries, mergeMessage, mergePresences } from '../../src/message/merge.ts'
import type { WantlistEntry } from '../../src/message/message.ts'
import * as arbitrary from './arbitraries.ts'
import { cidV0, outgoing, rawCid, want } from './fixtures.ts'

const cid = cidV0(1)
const block = want(cid, 5)
const have: WantlistEntry = { ...block, type: 'want-have' }
const cancel: WantlistEntry = { type: 'cancel', cid }

/** Merging on the way in gives what merging by hand does. */
const merged = (...entries: WantlistEntry[]): readonly WantlistEntry[] => {
  const received = decodeMessage(
    encodeMessage(outgoing({ wantlist: { entries, full: false } })).subarray(),
  ).wantlist.entries
  expect(received).toEqual(mergeEntries(entries))
  return received
}

describe('entries of one CID', () => {
  it('a want-block overrides a want-have, and keeps its priority', () => {
    expect(merged(have, { ...block, priority: 9 })).toEqual([block])
  })

  it('a want-have never overrides a want-block', () => {
    expect(merged(block, { ...have, priority: 9 })).toEqual([block])
  })

  it.each([block, have])('a second $type changes the priority', (entry) => {
    expect(merged(entry, { ...entry, priority: 9 })).toEqual([{ ...entry, priority: 9 }])
  })

  it('sendDontHave turns on and stays on', () => {
    const on = { ...block, sendDontHave: true }
    expect(merged(block, on)).toEqual([on])
    expect(merged(on, block)).toEqual([on])
    expect(merged({ ...have, sendDontHave: true }, block)).toEqual([on])
  })

  it('a cancel sticks', () => {
    expect(merged(block, cancel)).toEqual([cancel])
    expect(merged(cancel, block)).toEqual([cancel])
    expect(merged(have, cancel, block)).toEqual([cancel])
  })

  it('keep the place of the first', () => {
    const other = want(rawCid(2))
    expect(merged(block, other, cancel)).toEqual([cancel, other])
  })

  it('are told from those of another CID of the same block', () => {
    const entries = [block, want(cid.toV1()), want(rawCid(1))]
    expect(merged(...entries)).toEqual(entries)
  })
})

it('CIDs whose digests begin alike are told apart', () => {
  const alike = [1, 2, 3].map((end) =>
    want(CID.createV1(0x55, create(0x12, new Uint8Array(32).fill(end, 3)))))
  expect(merged(...alike)).toEqual(alike)
})

it('the latest presence of a CID counts', () => {
  const presences = [
    { type: 'have', cid },
    { type: 'have', cid: rawCid(2) },
    { type: 'dont-have', cid },
  ] as const
  const bytes = encodeMessage(outgoing({ presences })).subarray()
  expect(decodeMessage(bytes).presences).toEqual([presences[2], presences[1]])
  expect(mergePresences(presences)).toEqual([presences[2], presences[1]])
})

describe('a message to send', () => {
  const sent = { cid, bytes: Uint8Array.of(1) }

  it('has each block once', () => {
    expect(mergeMessage(outgoing({ blocks: [sent, sent] })).blocks).toEqual([sent])
  })

  it('has no presence beside its block', () => {
    const other = { type: 'have', cid: rawCid(1) } as const
    const presences = [{ type: 'dont-have', cid }, other] as const
    expect(mergeMessage(outgoing({ blocks: [sent], presences })).presences).toEqual([other])
  })

  it('is merged once and for all', () => {
    fc.assert(fc.property(arbitrary.message, arbitrary.message, (one, two) => {
      const both = mergeMessage({
        ...one,
        wantlist: { full: true, entries: [...one.wantlist.entries, ...two.wantlist.entries] },
        blocks: [...one.blocks, ...two.blocks],
        presences: [...one.presences, ...two.presences],
      })
      expect(mergeMessage(both)).toEqual(both)
    }))
  })
})
