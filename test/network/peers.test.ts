import type { Connection, PeerId } from '@libp2p/interface'
import { beforeAll, describe, expect, it } from 'vitest'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { knownPeers } from '../../src/network/peers.ts'

let a: PeerId
let b: PeerId
beforeAll(async () => {
  a = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
  b = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
})

/** As much of a connection as tells who is there, and that it is closed. */
const connectionWith = (remotePeer: PeerId): Connection =>
  Object.assign(new EventTarget(), { remotePeer, status: 'open' }) as unknown as Connection

/** A town of two peers, `a` and `b`, and who hears what of them, in words such as `+a`. */
const town = () => {
  const { peer$, connected, stop } = knownPeers(() => undefined)
  const here = new Map<PeerId, Connection>()
  const hear = (onWord: (word: string) => void = () => undefined): string[] => {
    const words: string[] = []
    peer$.subscribe(({ type, peer }) => {
      const word = `${type === 'peer-up' ? '+' : '-'}${peer === a ? 'a' : 'b'}`
      words.push(word)
      onWord(word)
    })
    return words
  }
  const come = (peer: PeerId): void => {
    const connection = here.get(peer) ?? connectionWith(peer)
    here.set(peer, connection)
    connected(connection, true)
  }
  const go = (peer: PeerId): void => {
    here.get(peer)?.dispatchEvent(new Event('close'))
    here.delete(peer)
  }
  return { hear, come, go, stop }
}

describe('announcements of peers', () => {
  it('say what changed, once', () => {
    const { hear, come, go } = town()
    const words = hear()
    come(a)
    come(a)
    come(b)
    go(a)
    go(a)
    come(a)
    expect(words).toEqual(['+a', '+b', '-a', '+a'])
  })

  it('come to all in the same order, when one subscriber changes things', () => {
    const { hear, come, go } = town()
    const first = hear((word) => {
      if (word === '+a') come(b)
      if (word === '+b') go(a)
    })
    const second = hear()
    come(a)
    expect([first, second]).toEqual([['+a', '+b', '-a'], ['+a', '+b', '-a']])
  })

  it('leave out what was undone while another was announced', () => {
    const { hear, come, go } = town()
    const words = hear((word) => {
      if (word !== '+a') return
      come(b)
      go(b)
      go(a)
      come(a)
    })
    come(a)
    expect(words).toEqual(['+a'])
  })

  it('welcome a subscriber with who is up, and keep what that changes for afterwards', () => {
    const { hear, come, go } = town()
    come(a)
    come(b)
    const early = hear()
    const late = hear((word) => {
      if (word === '+a') go(b)
    })
    expect(late).toEqual(['+a', '+b', '-b'])
    expect(early).toEqual(['+a', '+b', '-b'])
  })

  it('are heard once by who subscribes in the middle of one', () => {
    const { hear, come } = town()
    const late: string[][] = []
    const words = hear((word) => {
      if (word === '+a') late.push(hear())
    })
    come(a)
    come(b)
    expect(words).toEqual(['+a', '+b'])
    expect(late).toEqual([['+a', '+b']])
  })

  it('are over when it stops, and begin anew', () => {
    const { hear, come, go, stop } = town()
    come(a)
    const early = hear()
    stop()
    go(a)
    expect([early, hear()]).toEqual([['+a'], []])
    come(a)
    expect(hear()).toEqual(['+a'])
  })
})
