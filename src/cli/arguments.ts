import { InvalidArgumentError } from 'commander'
import { multiaddr } from '@multiformats/multiaddr'
import type { Multiaddr } from '@multiformats/multiaddr'
import { CID } from 'multiformats/cid'

/** Readers of what is typed. What they refuse is a mistake in usage: exit code 2. */

export const cidArgument = (text: string): CID => {
  try {
    return CID.parse(text.replace(/^(ipfs:\/\/|\/ipfs\/)/, ''))
  } catch {
    throw new InvalidArgumentError('It is not a CID: copy it whole from what serve prints.')
  }
}

/** Collects the addresses of an option that may be repeated. */
export const addresses = (
  text: string,
  previous: readonly Multiaddr[] = [],
): readonly Multiaddr[] => [...previous, tcpAddress(text)]

export const positiveInteger = (text: string): number => {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new InvalidArgumentError('It must be a whole number of at least 1.')
}

/** `64MiB`, `1GiB`, `300MB`, `5k`, `1`: in bytes. */
export const byteSize = (text: string): number => {
  const [, digits, prefix = '', binary] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?$/i.exec(text) ?? []
  if (digits === undefined) {
    throw new InvalidArgumentError('It must be a size such as 64MiB or 1GiB.')
  }
  const base = binary === 'i' ? 1024 : 1000
  return Math.round(Number(digits) * base ** ' kmgt'.indexOf(prefix.toLowerCase() || ' '))
}

const tcpAddress = (text: string): Multiaddr => {
  const address = parse(text)
  const names = address.getComponents().map(({ name }) => name)
  if (names.includes('tcp') && !names.some((name) => OVER_TCP.has(name))) return address
  throw new InvalidArgumentError('It must be a TCP address, such as /ip4/127.0.0.1/tcp/4001.')
}

/** Transports on top of TCP that are not spoken here. */
const OVER_TCP = new Set(['ws', 'wss', 'tls', 'http', 'https', 'p2p-circuit'])

const parse = (text: string): Multiaddr => {
  try {
    return multiaddr(text)
  } catch {
    throw new InvalidArgumentError(
      'It must look like /ip4/127.0.0.1/tcp/4001/p2p/12D3KooW... (what is no address goes first).',
    )
  }
}
