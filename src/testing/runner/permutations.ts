import type { Check, MarbleDocument } from '../marble/document.ts'
import { isAbout } from './patterns.ts'
import type { Input } from './drive.ts'
import type { PlayOptions } from './play.ts'

/** More inputs than this are not permuted: 6! = 720 runs. */
const MAX_PERMUTED = 6

export type Permute = Check & { readonly type: 'permute' }

/** The order of the inputs of each tick. */
type InOrder = NonNullable<PlayOptions['inOrder']>

/**
 * Every order but the written one. The inputs that a check is about change places with each other;
 * the others stay where they are. Undefined if it is about fewer than two inputs of one tick.
 */
export const permutations = (
  check: Permute,
  inputs: ReadonlyMap<number, readonly Input[]>,
): readonly InOrder[] | undefined => {
  const ticks = [...inputs].map(([tick, row]) => ({ tick, places: placesOf(check, row) }))
  const permuted = ticks.filter(({ places }) => places.length > 1)
  if (permuted.length === 0) return undefined
  return permuted.flatMap(({ tick: at, places }) => {
    if (places.length > MAX_PERMUTED) {
      throw new Error(`permute is about ${places.length} inputs of a tick: ${MAX_PERMUTED} at most`)
    }
    return ordersOf(places).slice(1).map((order): InOrder =>
      (tick, row) => tick === at ? reorder(row, places, order) : row)
  })
}

const placesOf = ({ patterns }: Permute, row: readonly Input[]): readonly number[] =>
  row.flatMap((input, place) => patterns.some((pattern) => isAbout(pattern, input)) ? [place] : [])

const reorder = (
  row: readonly Input[],
  places: readonly number[],
  order: readonly number[],
): readonly Input[] =>
  row.map((input, place) => row[order[places.indexOf(place)] ?? place] ?? input)

/** All orders of a list, the list itself first. */
const ordersOf = (list: readonly number[]): readonly (readonly number[])[] =>
  list.length < 2
    ? [list]
    : list.flatMap((first) =>
      ordersOf(list.filter((other) => other !== first)).map((rest) => [first, ...rest]))

export const permutesOf = ({ checks }: MarbleDocument): readonly Permute[] =>
  checks.filter((check) => check.type === 'permute')
