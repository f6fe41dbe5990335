/** CIDs that no peer can be asked for, and what is no CID at all. */
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import type { Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { blocks, log, swarm } from './swarm.ts'

const known = blocks('x')
const { x } = known
const notCid = 'bafy' as unknown as CID

const setup = () => {
  const s = swarm({ latencyMs: 10 }, known)
  const me = s.node('me')
  s.link(me, s.node('A', {}, { blocks: [x] }))
  const errors: string[] = []
  const failed = { error: ({ message }: Error) => { errors.push(message) } }
  return { ...s, me, errors, failed }
}

describe('what is no CID', () => {
  it('is an error of each request', () => {
    const { me, errors, failed } = setup()
    me.exchange.want(notCid).subscribe(failed)
    me.exchange.retrieve([notCid]).subscribe(failed)
    me.exchange.availability(notCid).subscribe(failed)
    expect(errors).toEqual(Array(3).fill('Not a CID: bafy'))
  })

  it('takes nothing from other subscribers when its turn comes', () => {
    const { me, clock, errors, failed } = setup()
    const other = log(() => 'block')
    me.exchange.retrieve([x.cid, notCid], { concurrency: 1 }).subscribe(failed)
    me.exchange.want(x.cid).subscribe(other.observer)
    clock.advance(1_000)
    expect(other.lines).toEqual(['block', 'complete'])
    expect(errors).toEqual(['Not a CID: bafy'])
  })
})

describe('a CID without a digest that proves anything', () => {
  const short = CID.createV1(0x55, create(0x12, x.cid.multihash.digest.slice(0, 19)))
  const identity = CID.createV1(0x55, create(0, Uint8Array.of(1, 2)))

  it.each([['want', short], ['availability', short], ['availability', identity]] as const)(
    '%s of %s fails at once',
    (member, cid) => {
      const { me, errors, failed } = setup()
      const answer$: Observable<unknown> = me.exchange[member](cid)
      answer$.subscribe(failed)
      expect(errors).toEqual([`${cid} cannot be fetched: it has no digest of 20 bytes or more`])
    },
  )

  it('is wanted all the same if it is here', () => {
    const { me } = setup()
    me.store.add({ cid: short, bytes: x.bytes })
    const l = log(() => 'block')
    me.exchange.want(short).subscribe(l.observer)
    me.exchange.want(identity).subscribe(l.observer)
    expect(l.lines).toEqual(['block', 'complete', 'block', 'complete'])
  })
})

describe('a CID that holds more than fits on the stack', () => {
  const inline = CID.createV1(0x55, create(0, new Uint8Array(256 * 1024)))

  it('leaves the node serving when it is notified', () => {
    const { me, node, link, clock } = setup()
    const other = node('B')
    link(me, other)
    me.store.add(x)
    me.exchange.notify([inline])
    const l = log(() => 'block')
    other.exchange.want(x.cid).subscribe(l.observer)
    clock.advance(1_000)
    expect(l.lines).toEqual(['block', 'complete'])
  })
})
