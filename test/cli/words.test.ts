import { join } from 'node:path'
import { cwd } from 'node:process'
import { peerIdFromString } from '@libp2p/peer-id'
import { CID } from 'multiformats/cid'
import * as digest from 'multiformats/hashes/digest'
import { describe, expect, test } from 'vitest'
import { byteSize } from '../../src/cli/arguments.ts'
import { formatBytes, formatSeconds, plural } from '../../src/cli/format.ts'
import { ownCommand, quoted } from '../../src/cli/own-command.ts'
import { rate } from '../../src/cli/rate.ts'
import { factsOf, fitting } from '../../src/cli/status-line.ts'
import { failureOf } from '../../src/cli/failure.ts'
import { InvalidBlockError, NotFoundError, StoreError } from '../../src/errors.ts'
import type { Evidence } from '../../src/errors.ts'
import { simulatedBlock } from '../../src/testing/simulated-block.ts'

test.each([
  [0, '0 B'], [1023, '1023 B'], [1024, '1.0 KiB'], [64 * 1024 ** 2, '64.0 MiB'],
  [1024 ** 3, '1.0 GiB'], [5000 * 1024 ** 4, '5000.0 TiB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([[0.04, '0.0 s'], [59.9, '59.9 s'], [65, '1:05'], [7384, '2:03:04']])(
  '%f seconds are %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text)
  },
)

test('plurals', () => {
  expect([plural(0, 'block'), plural(1, 'block'), plural(11_004, 'block')])
    .toEqual(['0 blocks', '1 block', '11,004 blocks'])
})

describe('sizes as people type them', () => {
  test.each([
    ['1', 1], ['64MiB', 64 * 1024 ** 2], ['1GiB', 1024 ** 3], ['300MB', 300_000_000],
    ['1.5k', 1500], ['2 kib', 2048], ['10b', 10],
  ])('%s is %i', (text, bytes) => {
    expect(byteSize(text)).toBe(bytes)
  })

  test.each(['', 'MiB', '-1', '1PB', '1MiBs'])('%j is none', (text) => {
    expect(() => byteSize(text)).toThrow('a size such as 64MiB')
  })
})

test.each([
  ['/usr/bin/node', '/usr/bin/node'],
  ['../a b/main.ts', '"../a b/main.ts"'],
  ['it\'s $5', '"it\'s \\$5"'],
])('%s is pasted as %s', (path, text) => {
  expect(quoted(path)).toBe(text)
})

test('a clone\'s own command names the Node that runs it', () => {
  expect(ownCommand('/a b/node', join(cwd(), 'src/cli/main.ts')))
    .toBe('"/a b/node" src/cli/main.ts')
})

test.each([
  [200, '45 %, 9 B of 20 B, 1 B/s, ETA 11.0 s, 1 peer, 32 blocks in flight, 0 duplicates'],
  [44, '45 %, 9 B of 20 B, 1 B/s, ETA 11.0 s, 1 peer'],
  [10, '45 %, 9 B of 20 B'],
])('in %i columns the status line is: %s', (columns, text) => {
  const facts = factsOf({
    type: 'progress',
    blocks: 9,
    bytes: 9,
    totalBytes: 20,
    bytesPerSecond: 1,
    etaSeconds: 11,
    peers: 1,
    inFlight: 32,
    duplicates: 0,
  })
  expect(fitting(facts, columns)).toBe(text)
})

test('the rate is that of the last few seconds', () => {
  const rateAt = rate()
  expect(rateAt(0, 0)).toBe(0)
  expect(rateAt(100, 1)).toBe(100)
  for (let second = 2; second <= 20; second++) rateAt(100 + second, second)
  expect(rateAt(121, 21)).toBe(1)
})

describe('failures in one line', () => {
  test('find the system\'s reason in what wraps it', () => {
    const cause = new Error('Error: ENOSPC: no space left on device, write')
    const { message } = failureOf(new StoreError('write', simulatedBlock('x').cid, cause))
    expect(message).toBe('The disk is full: free some space, or choose another folder')
  })

  test('name the path', () => {
    const error = new Error('EACCES: permission denied, open \'/there/it/is\'')
    expect(failureOf(error).message).toMatch(/^No permission: .*\(\/there\/it\/is\)$/)
  })

  const { cid } = simulatedBlock('x')
  const peer = peerIdFromString('12D3KooWKnDdG3iXw9eTFijk3EWSunZcFi54Zka4wmtqtt6rPxc8')

  test('tell a peer that denies from one that is gone', () => {
    const said = (verdict: Evidence['verdict']): string =>
      failureOf(new NotFoundError(cid, [{ peer, verdict }])).message
    expect(said('dont-have')).toBe(
      `Nobody has ${cid} (${peer}: dont-have): name a peer that has it with --from`,
    )
    for (const verdict of ['unreachable', 'timed-out'] as const) {
      expect(said(verdict)).toBe(
        `Nobody gave ${cid} (${peer}: ${verdict}): that peer is gone or silent; start it again `
        + 'there and get again here, which with --store goes on where it ended',
      )
    }
  })

  test('tell of a hash function that is not supported', () => {
    const unknown = CID.createV1(0x55, digest.create(0x1e21, new Uint8Array(32)))
    const error = new InvalidBlockError(unknown, 'its hash is not known: add it to `hashers`')
    expect(failureOf(error).message).toBe(
      `${unknown} cannot be fetched: its hash function (0x1e21) is not supported here`,
    )
    expect(failureOf(new InvalidBlockError(cid, 'it is too long')).message)
      .toBe(`InvalidBlockError: ${cid} cannot be fetched: it is too long`)
  })

  test('tell a port that may not be used from a folder', () => {
    const error = new Error('listen EACCES: permission denied 127.0.0.1:80')
    expect(failureOf(error).message)
      .toBe('No permission to listen there: choose a port of 1024 or more with --listen')
  })

  test('tell a name that is not UTF-8 from one that is not there', () => {
    const error = new Error('ENOENT: no such file or directory, lstat \'a/b\uFFFD\'')
    expect(failureOf(error).message)
      .toBe('The name of this file is not UTF-8: rename it (a/b\uFFFD)')
  })

  test('hold what is not known, too', () => {
    expect(failureOf(new RangeError('one\n  two')).message).toBe('RangeError: one two')
    expect(failureOf('a string').message).toBe('Error: a string')
  })
})
