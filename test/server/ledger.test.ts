import { describe, expect, it } from 'vitest'
import { multihashKey } from '../../src/message/keys.ts'
import { ledgers as ledgersOf } from '../../src/server/ledger.ts'
import type { Ledger } from '../../src/server/ledger.ts'
import { alice, block, wantBlock } from './serving.ts'

const { cid } = block('a')
const key = multihashKey(cid)

const opened = () => {
  const changed: Ledger[] = []
  const ledgers = ledgersOf((ledger) => changed.push(ledger))
  ledgers.open(alice)
  const ledger = ledgers.of(alice)
  if (ledger === undefined) throw new Error('no ledger')
  return { ledgers, ledger, changed }
}

describe('ledgers', () => {
  it('remember who waits for a block as long as it is wanted and lacking', () => {
    const { ledgers, ledger } = opened()
    const want = wantBlock(cid)
    const ends = [
      () => ledgers.hold(ledger, key, want, 'found'),
      () => ledgers.drop(ledger, key),
      () => ledgers.dropAll(ledger),
      () => ledgers.close(ledger),
    ]
    for (const end of ends) {
      ledgers.hold(ledger, key, want, 'lacking')
      expect(ledgers.waitingFor(key)).toEqual(new Set([ledger]))
      expect(ledgers.standing(ledger, key)).toBe('lacking')
      end()
      expect(ledgers.waitingFor(key)).toBeUndefined()
    }
  })

  it('keep the ledger of a peer that is said to be up again', () => {
    const { ledgers, ledger } = opened()
    ledgers.open(alice)
    expect(ledgers.of(alice)).toBe(ledger)
    ledgers.close(ledger)
    expect(ledgers.of(alice)).toBeUndefined()
  })

  it('tell of each change to a wantlist', () => {
    const { ledgers, ledger, changed } = opened()
    ledgers.drop(ledger, key)
    expect(changed).toHaveLength(0)
    ledgers.hold(ledger, key, wantBlock(cid), 'found')
    ledgers.drop(ledger, key)
    expect(changed).toEqual([ledger, ledger])
  })
})
