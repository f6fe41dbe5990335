import { CLIENT_DEFAULTS, SERVER_DEFAULTS } from '../../options.ts'
import type { OptionSetting, Written } from './document.ts'
import { takeCount, takeDuration, takeSize } from './quantities.ts'
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
  const values: number[] = []
  while (scanner.skipSpace()) values.push(takeOptionValue(scanner, name))
  const [value] = values
  const isList = Array.isArray(defaults[name])
  if (value === undefined || (values.length > 1 && !isList)) throw scanner.error(
    isList
      ? 'one or more values'
      : 'one value',
  )
  return { ...written, room, name, value: isList ? values : value }
}

/** The unit of an option stands in its name. */
export type OptionUnit = 'duration' | 'size' | 'count'

export const unitOfOption = (name: string): OptionUnit =>
  name.endsWith('Ms') ? 'duration' : name.includes('Bytes') ? 'size' : 'count'

const takeOptionValue = (scanner: Scanner, name: string): number => {
  switch (unitOfOption(name)) {
    case 'duration': return takeDuration(scanner)
    case 'size': return takeSize(scanner)
    default: return takeCount(scanner, 'a number')
  }
}
