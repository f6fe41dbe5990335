import type { Scanner } from './scanner.ts'

/** `10ms`, `1.5s`, in milliseconds. */
export const takeDuration = (scanner: Scanner): number => {
  const at = scanner.position()
  const ms = takeMs(scanner)
  if (!Number.isSafeInteger(ms)) throw scanner.error(
    'whole milliseconds',
    `${ms}ms is a part of one, or too long`,
    at,
  )
  return ms
}

/** The same, parts of a millisecond included. */
export const takeMs = (scanner: Scanner): number => {
  const text = scanner.take(/\d+(\.\d+)?(ms|s)\b/y)
  if (text === undefined) throw scanner.error('a duration in ms or s, such as 10ms')
  return text.endsWith('ms')
    ? Number(text.slice(0, -2))
    : Math.round(Number(text.slice(0, -1)) * 1e6) / 1e3
}

export const durationText = (ms: number): string =>
  ms >= 1000 && ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`

const UNITS = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** `100B`, `256KiB`, in bytes, at most `most`. */
export const takeSize = (scanner: Scanner, most = Number.MAX_SAFE_INTEGER): number => {
  const at = scanner.position()
  const text = scanner.take(/\d+(B|KiB|MiB|GiB)\b/y)
  if (text === undefined) throw scanner.error('a size in B, KiB, MiB or GiB, such as 256KiB')
  const digits = /^\d+/.exec(text)?.[0] ?? ''
  const bytes = Number(digits) * UNITS[text.slice(digits.length) as keyof typeof UNITS]
  if (bytes > most) throw scanner.error(`at most ${sizeText(most)}`, `${text} is too much`, at)
  return bytes
}

/** In the largest unit that leaves no rest. */
export const sizeText = (bytes: number): string => {
  const units = Object.entries(UNITS).reverse()
  const [unit, size] = units.find(([, size]) => bytes >= size && bytes % size === 0) ?? ['B', 1]
  return `${bytes / size}${unit}`
}

/** A whole number, at least `least`. */
export const takeCount = (scanner: Scanner, what: string, least = 0): number => {
  const at = scanner.position()
  const count = takeInteger(scanner, what)
  if (count < least || !Number.isSafeInteger(count)) throw scanner.error(
    `${what}, ${least} or more`,
    `${count} is too ${count < least ? 'little' : 'much'}`,
    at,
  )
  return count
}

export const takeInteger = (scanner: Scanner, what: string): number => {
  const text = scanner.take(/-?\d+\b/y)
  if (text === undefined) throw scanner.error(what)
  return Number(text)
}
