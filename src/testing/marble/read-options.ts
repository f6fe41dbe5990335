import { CLIENT_DEFAULTS, SERVER_DEFAULTS } from '../../options.ts'
import type { OptionSetting, Written } from './document.ts'
import { takeCount, takeMs, takeSize } from './quantities.ts'
import type { Scanner } from './scanner.ts'

/** `option client.maxWantsPerPeer 2` */
export const takeOption = (scanner: Scanner, written: Written): OptionSetting => {
  const room = scanner.take(/(?:client|server)(?=\.)/y)
  if (room !== 'client' && room !== 'server') throw scanner.error(
    'client. or server. and the name of an option',
  )
  scanner.take('.')
  const defaults: Readonly<Record<string, unknown>> =
    room === 'client' ? { ...CLIENT_DEFAULTS } : { ...SERVER_DEFAULTS }
  const at = scanner.position()
  const name = scanner.take(/\w+/y) ?? ''
  if (!Object.hasOwn(defaults, name)) {
    throw scanner.error(
      `one of ${Object.keys(defaults).join(', ')}`,
      `${room} has no option "${name}"`,
      at,
    )
  }
  const isList = Array.isArray(defaults[name])
  if (isList && scanner.take(/ *\[\]/y) !== undefined) return { ...written, room, name, value: [] }
  const values: number[] = []
  while (scanner.skipSpace()) values.push(takeOptionValue(scanner, name))
  const [value] = values
  if (value === undefined || (values.length > 1 && !isList)) throw scanner.error(
    isList
      ? 'one or more values, or []'
      : 'one value',
  )
  return { ...written, room, name, value: isList ? values : value }
}

/** The unit of an option stands in its name. */
export type OptionUnit = 'duration' | 'size' | 'count'

export const unitOfOption = (name: string): OptionUnit =>
  name.endsWith('Ms') ? 'duration' : name.includes('Bytes') ? 'size' : 'count'

const takeOptionValue = (scanner: Scanner, name: string): number => {
  if (scanner.take(/Infinity\b/y) !== undefined) return Infinity
  switch (unitOfOption(name)) {
    case 'duration': return takeMs(scanner)
    case 'size': return takeSize(scanner)
    default: return takeCount(scanner, 'a number')
  }
}
