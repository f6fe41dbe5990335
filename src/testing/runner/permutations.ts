import type { Check, MarbleDocument } from '../marble/document.ts'
import { patternText } from '../marble/write-checks.ts'
import { isAbout } from './patterns.ts'
import type { Input } from './drive.ts'
import type { PlayOptions } from './play.ts'

/** More inputs than this are not permuted: 6! = 720 runs. */
const MAX_PERMUTED = 6

export type Permute = Check & { readonly type: 'permute' }

/** The order of the inputs of each tick. */
type InOrder = NonNullable<PlayOptions['inOrder']>

type Score = ReadonlyMap<number, readonly Input[]>

/** What is wrong with a check, if anything: it may be about too few inputs, or too many. */
export const permuteFlaw = (check: Permute, inputs: Score): string | undefined => {
  const permuted = [...inputs.values()].filter((row) => placesOf(check, row).length > 1)
  if (permuted.length === 0) return 'it cannot fail: it is about fewer than two inputs of one tick'
  const idle = check.patterns.find((pattern) =>
    !permuted.some((row) => row.some((input) => isAbout(pattern, input))))
  if (idle !== undefined) return `no input that changes places is ${patternText(idle)}`
  const most = Math.max(...permuted.map((row) => placesOf(check, row).length))
  return most > MAX_PERMUTED
    ? `it is about ${most} inputs of one tick: ${MAX_PERMUTED} at most`
    : undefined
}

/**
 * Every order but the written one. The inputs that a check is about change places with each other;
 * the others stay where they are.
 */
export const permutations = (check: Permute, inputs: Score): readonly InOrder[] =>
  [...inputs].flatMap(([at, row]) => {
    const places = placesOf(check, row)
    return ordersOf(places).slice(1).map((order): InOrder =>
      (tick, row) => tick === at ? reorder(row, places, order) : row)
  })

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
