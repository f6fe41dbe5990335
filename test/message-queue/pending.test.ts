import { expect, it } from 'vitest'
import { merge, nothingPending } from '../../src/message-queue/pending.ts'
import { delta } from './words.ts'

it('what a peer asks again and again while its stream is stuck takes the place of one word', () => {
  const pending = nothingPending()
  for (let round = 0; round < 1_000; round += 1) {
    merge(pending, delta('w.x'), new Set())
    merge(pending, delta(round % 2 === 0 ? 'H.x' : 'D.x'), new Set())
  }
  expect([...pending.entries]).toHaveLength(1)
  expect([...pending.presences].map(([, { type }]) => type)).toEqual(['dont-have'])
})
