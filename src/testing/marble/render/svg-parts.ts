import type { Chip, Column } from './columns.ts'
import { SHAPES } from './svg-shapes.ts'
import type { Group, Token } from './tokens.ts'

/** The widest character of the fonts of the style, in pixels. */
export const CHARACTER = 7.3
export const ROW = 32
export const BOX = 22
export const RUN = 24
export const SPACE = 6
export const STEP = 12
const SHAPE = 13
const PADDING = 6
const TOKEN_SPACE = 8

export const textWidth = (text: string): number => text.length * CHARACTER

const tokenWidth = ({ shape, label }: Token): number =>
  (shape === undefined ? 0 : SHAPE)
  + (shape === undefined || label === '' ? 0 : 3)
  + textWidth(label)

export const groupWidth = ({ boxed, tokens }: Group): number =>
  tokens.reduce((width, token, i) => width + tokenWidth(token) + (i === 0 ? 0 : TOKEN_SPACE), 0)
  + (boxed ? 2 * PADDING : 4)

export const round = (x: number): number => Math.round(x * 10) / 10

export const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

export const textAt = (x: number, y: number, text: string, className: string): string =>
  `<text class="${className}" x="${round(x)}" y="${round(y)}">${escapeXml(text)}</text>`

type ClassOf = (cid: string | undefined) => string

/** The groups of a cell, each on a ground of its own that hides the line. */
export const drawChip = ({ x, groups }: Chip, y: number, classOf: ClassOf): string => {
  let at = x
  return groups.map((group) => {
    const drawn = drawGroup(group, at, y, classOf)
    at += groupWidth(group) + SPACE
    return drawn
  }).join('\n')
}

const drawGroup = (group: Group, x: number, y: number, classOf: ClassOf): string => {
  const width = round(groupWidth(group))
  const place = `x="${round(x)}" y="${y - BOX / 2}" width="${width}" height="${BOX}"`
  const ground = group.boxed
    ? `<rect class="box" ${place} rx="5"/>`
    : `<rect class="back" ${place}/>`
  let at = x + (group.boxed ? PADDING : 2)
  return [ground, ...group.tokens.map((token) => {
    const drawn = drawToken(token, at, y, classOf)
    at += tokenWidth(token) + TOKEN_SPACE
    return drawn
  })].join('')
}

const drawToken = (
  { shape, label, cid }: Token,
  x: number,
  y: number,
  classOf: ClassOf,
): string => {
  const textX = x + (shape === undefined ? 0 : SHAPE + 3)
  return [
    `<g class="${classOf(cid)}">`,
    ...(shape === undefined
      ? []
      : [`<g transform="translate(${round(x + SHAPE / 2)} ${y})">${SHAPES[shape]}</g>`]),
    ...(label === '' ? [] : [textAt(textX, y, label, 'label')]),
    '</g>',
  ].join('')
}

/** The runs of messages: from the rows below up to the node, and from it down to them. */
export const drawRuns = (
  { inX, outX, chips }: Column,
  nodeRow: number,
  yOf: (row: number) => number,
): readonly string[] => {
  const nodeY = yOf(nodeRow)
  const ends = (direction: Chip['run']): readonly End[] =>
    chips
      .filter(({ run }) => run === direction)
      .map(({ row, x, width }) => ({ x, width, y: yOf(row) }))
  return [
    ...(inX === undefined ? [] : runsUp(round(inX + RUN / 2), nodeY, ends('in'))),
    ...(outX === undefined ? [] : runsDown(round(outX + RUN / 2 - 4), nodeY, ends('out'))),
  ]
}

/** Where a run meets a chip. */
interface End {
  readonly x: number
  readonly width: number
  readonly y: number
}

const lastY = (ends: readonly End[]): number => Math.max(...ends.map(({ y }) => y))

const runsUp = (upX: number, nodeY: number, ends: readonly End[]): readonly string[] => [
  `<path class="run" d="M${upX} ${lastY(ends) - 5}V${nodeY + 6}"/>`,
  `<path class="head" d="M${upX} ${nodeY + 1}l4 8h-8z"/>`,
  ...ends.map(({ x, width, y }) =>
    `<path class="run" d="M${round(x + width)} ${y}H${upX - 5}q5 0 5 -5"/>`),
]

const runsDown = (downX: number, nodeY: number, ends: readonly End[]): readonly string[] => [
  `<path class="run" d="M${downX} ${nodeY}V${lastY(ends) - 5}"/>`,
  ...ends.map(({ x, y }) =>
    `<path class="run" d="M${downX} ${y - 5}q0 5 5 5H${round(x) - 6}"/>`
    + `<path class="head" d="M${round(x)} ${y}l-8 4v-8z"/>`),
]
