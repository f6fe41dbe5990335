import { firstValueFrom, lastValueFrom } from 'rxjs'
import { describe, expect, it, vi } from 'vitest'
import { numbered, record, startPeer } from './nodes.ts'

describe('two nodes', () => {
  it('echo messages both ways over one kept stream each', async () => {
    const a = await startPeer()
    const b = await startPeer()
    const atA = record(a.network.message$)
    b.network.message$.subscribe(({ peer, message }) => {
      b.network.send(peer, numbered(message.pendingBytes)).subscribe()
    })
    const peer = await firstValueFrom(a.network.connect(b.node.getMultiaddrs()[0]!))
    expect(peer.equals(b.id)).toBe(true)
    for (let n = 1; n <= 50; n++) {
      await lastValueFrom(a.network.send(peer, numbered(n)))
    }
    await vi.waitFor(() => expect(atA.values).toHaveLength(50))
    expect(atA.values.map(({ message }) => message.pendingBytes)).toEqual([...Array(50).keys()].map((n) => n + 1))
  })
})
