import { expect, it } from 'vitest'
import { BITSWAP_PROTOCOLS, supportsHave } from '../../src/message/protocols.ts'

it('protocols are offered in the order of boxo', () => {
  expect(BITSWAP_PROTOCOLS).toEqual([
    '/ipfs/bitswap/1.2.0',
    '/ipfs/bitswap/1.1.0',
    '/ipfs/bitswap/1.0.0',
    '/ipfs/bitswap',
  ])
})

it('all but the three old protocols know HAVE, those to come included', () => {
  expect(BITSWAP_PROTOCOLS.map(supportsHave)).toEqual([true, false, false, false])
  expect(supportsHave('/ipfs/bitswap/1.3.0')).toBe(true)
})
