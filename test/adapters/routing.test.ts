import type { PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { Multiaddr } from '@multiformats/multiaddr'
import { CID } from 'multiformats/cid'
import { lastValueFrom, toArray } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { heliaProviders } from '../../src/adapters/helia-providers.ts'
import { libp2pProviders } from '../../src/adapters/routing.ts'

const cid = CID.parse('bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy')
const one = peerIdFromString('12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8')
const two = peerIdFromString('12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp')
const address = multiaddr('/ip4/127.0.0.1/tcp/4001')

/** Finds one peer and then goes on searching until it is aborted. */
const endless = <T>(found: T) => {
  const signals: AbortSignal[] = []
  const findProviders = async function * (
    _: CID,
    { signal }: { signal?: AbortSignal } = {},
  ): AsyncGenerator<T> {
    if (signal === undefined) return expect.unreachable()
    signals.push(signal)
    yield found
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => { reject(signal.reason as Error) })
    })
  }
  return { signals, findProviders }
}

describe('libp2pProviders', () => {
  test('emits the peers of every provider, and completes', async () => {
    const { findProviders } = libp2pProviders({
      async * findProviders () {
        yield { id: one, multiaddrs: [], routing: 'test' }
        yield { id: two, multiaddrs: [], routing: 'test' }
      },
    })
    expect(await lastValueFrom(findProviders(cid).pipe(toArray()))).toEqual([one, two])
  })

  test('searches when it is subscribed, and stops when it is unsubscribed', async () => {
    const { signals, findProviders } = endless({ id: one, multiaddrs: [], routing: 'test' })
    const peer$ = libp2pProviders({ findProviders }).findProviders(cid)
    expect(signals).toEqual([])
    await new Promise<void>((resolve) => {
      const searching = peer$.subscribe(() => {
        queueMicrotask(() => {
          searching.unsubscribe()
          resolve()
        })
      })
    })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })

  test('fails on a node that has no content routing', async () => {
    const noRouters = Object.assign(new Error('none'), { name: 'NoContentRoutersError' })
    const { findProviders } = libp2pProviders({ findProviders: () => { throw noRouters } })
    await expect(lastValueFrom(findProviders(cid))).rejects.toThrow(noRouters)
  })

  test('fails as the routing fails', async () => {
    const { findProviders } = libp2pProviders({

      async * findProviders () { throw new Error('no network') },
    })
    await expect(lastValueFrom(findProviders(cid))).rejects.toThrow('no network')
  })
})

describe('heliaProviders', () => {
  const provider = (id: CID, protocols?: string[]) => ({
    id, multiaddrs: [address], router: 'test', fallback: false, ...(protocols && { protocols }),
  })

  test('remembers the addresses before it emits a peer', async () => {
    const known: unknown[] = []
    const peerStore = {
      merge: async (peer: unknown, { multiaddrs = [] }: { multiaddrs?: Multiaddr[] }) => {
        known.push(peer, ...multiaddrs)
        return expect.anything() as never
      },
    }
    const routing = {
      async * findProviders () {
        yield provider(one.toCID())
        yield provider(two.toCID(), ['transport-ipfs-gateway-http'])
        yield provider(two.toCID(), ['transport-bitswap'])
      },
    }
    const { findProviders } = heliaProviders({ routing, peerStore })
    const found = await lastValueFrom(findProviders(cid).pipe(toArray()))
    expect(found.map(String)).toEqual([String(one), String(two)])
    expect(known.map(String)).toEqual([one, address, two, address].map(String))
  })

  // Delegated routers leave out the protocols of what they know from the DHT: Helia makes that [].
  test('takes a provider of unknown protocols for one that may speak Bitswap', async () => {
    const routing = { async * findProviders () { yield provider(one.toCID(), []) } }
    const peerStore = { merge: async () => expect.anything() as never }
    const { findProviders } = heliaProviders({ routing, peerStore })
    const found = await lastValueFrom(findProviders(cid).pipe(toArray()))
    expect(found.map(String)).toEqual([String(one)])
  })

  test('passes over a provider that is no peer, or whose addresses are refused', async () => {
    const routing = {
      async * findProviders () {
        yield provider(cid)
        yield provider(one.toCID())
        yield provider(two.toCID())
      },
    }
    const peerStore = {
      merge: async (peer: PeerId) => {
        if (peer.equals(one)) throw new Error('no such address')
        return expect.anything() as never
      },
    }
    const { findProviders } = heliaProviders({ routing, peerStore })
    const found = await lastValueFrom(findProviders(cid).pipe(toArray()))
    expect(found.map(String)).toEqual([String(two)])
  })
})
