import { peerIdFromString } from '@libp2p/peer-id'
import { CID } from 'multiformats/cid'
import { defer, lastValueFrom, of, throwError } from 'rxjs'
import { expect, test } from 'vitest'
import { NotFoundError } from '../../src/errors.ts'
import type { Evidence } from '../../src/errors.ts'
import { patient } from '../../src/cli/patient.ts'

const cid = CID.parse('bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy')
const peer = peerIdFromString('12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8')
const block = { cid, bytes: new Uint8Array(1) }

/** Wants that fail one after another, and then give the block. */
const failing = (...verdicts: readonly Evidence['verdict'][]) => {
  let asked = 0
  const want = () => defer(() => {
    const verdict = verdicts[asked++]
    if (verdict === undefined) return of(block)
    return throwError(() => new NotFoundError(cid, [{ peer, verdict }]))
  })
  return { asking: { want }, asked: () => asked }
}

test('a silence is waited out', async () => {
  const { asking, asked } = failing('timed-out', 'timed-out')
  expect(await lastValueFrom(patient(asking).want(cid))).toEqual(block)
  expect(asked()).toBe(3)
})

test('not for ever', async () => {
  const { asking, asked } = failing(...Array.from({ length: 10 }, () => 'timed-out' as const))
  await expect(lastValueFrom(patient(asking).want(cid))).rejects.toThrow(NotFoundError)
  expect(asked()).toBe(6)
})

test.each(['dont-have', 'unreachable'] as const)('%s fails at once', async (verdict) => {
  const { asking, asked } = failing(verdict)
  await expect(lastValueFrom(patient(asking).want(cid))).rejects.toThrow(NotFoundError)
  expect(asked()).toBe(1)
})
