import type { PeerId } from '@libp2p/interface'
import type { Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { OutgoingMessage } from '../../src/message/message.ts'
import { messageBytes } from '../../src/message/size.ts'
import type { Received } from '../../src/ports.ts'
import { scriptedNetwork } from '../../src/testing/scripted-network.ts'
import type { ScriptedNetwork } from '../../src/testing/scripted-network.ts'
import { simulatedBlock } from '../../src/testing/simulated-block.ts'
import { asReceived } from '../../src/testing/simulated-message.ts'
import { simulatedPeerId } from '../../src/testing/simulated-peer-id.ts'
import { virtualClock } from '../../src/testing/virtual-clock.ts'

const A = simulatedPeerId('A')
const B = simulatedPeerId('B')
const block = simulatedBlock('x')
const nothing: OutgoingMessage = {
  wantlist: { entries: [], full: false }, blocks: [], presences: [], pendingBytes: 0,
}
const want = { type: 'want-block', cid: block.cid, priority: 1, sendDontHave: true } as const
const wants: OutgoingMessage = { ...nothing, wantlist: { entries: [want], full: false } }
const answer: OutgoingMessage = { ...nothing, blocks: [block] }
const nameOf = (peer: PeerId): string => peer.equals(A) ? 'A' : 'B'
const notSent = (peer: PeerId, why: string): string =>
  `Could not send to ${peer.toString()} after 1 attempts: ${why}`

const outcome = <T>(result$: Observable<T>): unknown[] => {
  const seen: unknown[] = []
  result$.subscribe({
    next: (value) => seen.push(value),
    error: (error: unknown) => seen.push((error as Error).message),
    complete: () => seen.push('complete'),
  })
  return seen
}

const scripted = (): ScriptedNetwork & { settle(): void } => {
  const clock = virtualClock()
  return { ...scriptedNetwork({ clock }), settle: clock.settle }
}

describe('scriptedNetwork', () => {
  it('tells a new subscriber of the peers that are up, then of changes', () => {
    const network = scripted()
    network.up(A)
    network.up(B, false)
    network.up(A)
    const seen: string[] = []
    network.peer$.subscribe((event) => seen.push(`${event.type} ${nameOf(event.peer)}`))
    expect(seen).toEqual(['peer-up A', 'peer-up B'])
    network.down(A)
    network.down(A)
    network.up(A)
    expect(seen.slice(2)).toEqual(['peer-down A', 'peer-up A'])
  })

  it('writes at once while the stream is free', () => {
    const network = scripted()
    const sent: string[] = []
    network.action$.subscribe((action) => {
      if (action.type === 'write') sent.push(nameOf(action.peer))
    })
    network.up(A)
    const send$ = network.send(A, wants)
    expect(sent).toEqual([])
    expect(outcome(send$)).toEqual([expect.any(Number), 'complete'])
    expect(outcome(send$)).toEqual([expect.any(Number), 'complete'])
    expect(sent).toEqual(['A', 'A'])
  })

  it('keeps a write busy until it is released', () => {
    const network = scripted()
    network.up(A)
    network.hold(A)
    const write = outcome(network.send(A, wants))
    expect(write).toEqual([])
    network.release(A)
    expect(write).toEqual([expect.any(Number), 'complete'])
    expect(outcome(network.send(A, wants)).length).toBe(2)
  })

  it('fails the write that is held, or else the next', () => {
    const network = scripted()
    network.up(A)
    network.hold(A)
    const held = outcome(network.send(A, wants))
    network.failWrite(A)
    expect(held).toEqual([notSent(A, 'the stream was reset')])
    network.release(A)
    network.failWrite(A, new Error('no more streams'))
    expect(outcome(network.send(A, wants))).toEqual([notSent(A, 'no more streams')])
    expect(outcome(network.send(A, wants)).length).toBe(2)
  })

  it('fails writes to a peer that went or never came', () => {
    const network = scripted()
    expect(outcome(network.send(B, wants))).toEqual([notSent(B, 'not connected')])
    network.up(A)
    network.hold(A)
    const held = outcome(network.send(A, wants))
    network.down(A)
    expect(held).toEqual([notSent(A, 'the connection closed')])
    network.up(A)
    expect(outcome(network.send(A, wants)).length).toBe(2)
  })

  it('reports two writes at a time as an error of ours', () => {
    const network = scripted()
    network.up(A)
    network.hold(A)
    const first = network.send(A, wants).subscribe()
    expect(outcome(network.send(A, wants))).toEqual([
      `A second message to ${A} began during a write`,
    ])
    first.unsubscribe()
    network.release(A)
    expect(outcome(network.send(A, wants)).length).toBe(2)
  })

  it('holds messages back from a node that does not read', () => {
    const network = scripted()
    const read: number[] = []
    network.message$.subscribe(({ byteLength }) => read.push(byteLength))
    network.receive(A, answer)
    expect(read.length).toBe(0)
    network.up(A)
    network.receive(A, answer)
    network.pauseReading(A)
    network.receive(A, answer)
    network.receive(A, answer)
    expect(read.length).toBe(1)
    network.resumeReading(A)
    expect(read.length).toBe(1)
    network.settle()
    expect(read.length).toBe(3)
    network.pauseReading(A)
    network.receive(A, answer)
    network.down(A)
    network.up(A)
    network.settle()
    expect(read.length).toBe(3)
  })

  it('holds the next write again when it is released once', () => {
    const network = scripted()
    network.up(A)
    network.hold(A)
    const first = outcome(network.send(A, wants))
    network.release(A, 'once')
    expect(first).toEqual([messageBytes(wants), 'complete'])
    const second = outcome(network.send(A, wants))
    expect(second).toEqual([])
    network.release(A)
    expect(second).toEqual([messageBytes(wants), 'complete'])
  })

  it('takes what is received through the codec', () => {
    const network = scripted()
    const read: Received[] = []
    const faults: Error[] = []
    network.message$.subscribe((received) => read.push(received))
    network.fault$.subscribe(({ error }) => faults.push(error))
    network.up(A)
    network.receive(A, answer)
    const byteLength = messageBytes(answer)
    expect(read).toEqual([{ type: 'message', peer: A, message: asReceived(answer), byteLength }])
    network.receive(A, Uint8Array.of(0xff, 0xff))
    expect(faults.map(({ name }) => name)).toEqual(['InvalidMessageError'])
    network.fault(A, new Error('reset'))
    expect(faults.length).toBe(2)
    expect(read.length).toBe(1)
    network.fault(B, new Error('reset'))
    network.receive(B, Uint8Array.of(0xff, 0xff))
    expect(faults.length).toBe(2)
  })

  it('answers a dial when the peer comes up, or is refused', () => {
    const network = scripted()
    const actions = outcome(network.action$)
    const dialled = outcome(network.connect(A))
    network.up(B)
    expect(dialled).toEqual([])
    network.up(A)
    expect(dialled).toEqual([A, 'complete'])
    expect(outcome(network.connect(A))).toEqual([A, 'complete'])
    expect(actions).toEqual([{ type: 'dial', target: A }])
    network.down(A)
    const refusal = `Could not reach ${A}: connection refused`
    const again = outcome(network.connect(A))
    network.refuse(A)
    expect(again).toEqual([refusal])
    network.refuse(A)
    expect(outcome(network.connect(A))).toEqual([refusal])
    network.connect(A).subscribe().unsubscribe()
    network.up(A)
    expect(actions.length).toBe(4)
  })

  it('answers all dials of a peer at once', () => {
    const network = scripted()
    const [first, second] = [outcome(network.connect(A)), outcome(network.connect(A))]
    network.up(A)
    expect([first, second]).toEqual([[A, 'complete'], [A, 'complete']])
    network.down(A)
    const refused = [outcome(network.connect(A)), outcome(network.connect(A))]
    network.refuse(A)
    expect(refused.flat().length).toBe(2)
    network.up(A)
    expect(refused.flat()).toEqual(Array(2).fill(`Could not reach ${A}: connection refused`))
  })

  it('tells when the node stops and starts reading, once', () => {
    const network = scripted()
    const actions: string[] = []
    network.action$.subscribe(({ type }) => actions.push(type))
    network.up(A)
    network.resumeReading(A)
    network.pauseReading(A)
    network.pauseReading(A)
    network.resumeReading(A)
    expect(actions).toEqual(['pause', 'resume'])
  })

  it('completes its streams when it stops', () => {
    const network = scripted()
    const { message$, peer$, fault$, action$ } = network
    const ends = [message$, peer$, fault$, action$].map((stream$) => outcome<unknown>(stream$))
    network.stop()
    expect(ends).toEqual([['complete'], ['complete'], ['complete'], ['complete']])
  })
})
