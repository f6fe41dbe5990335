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
  return chips.flatMap(({ run, row, x, width }) => {
    const y = yOf(row)
    if (run === 'in' && inX !== undefined) {
      const upX = round(inX + RUN / 2)
      return [
        `<path class="run" d="M${round(x + width)} ${y}H${upX - 5}q5 0 5 -5V${nodeY + 6}"/>`,
        `<path class="head" d="M${upX} ${nodeY + 1}l4 8h-8z"/>`,
      ]
    }
    if (run === 'out' && outX !== undefined) {
      const downX = round(outX + RUN / 2 - 4)
      return [
        `<path class="run" d="M${downX} ${nodeY}V${y - 5}q0 5 5 5H${round(x) - 6}"/>`,
        `<path class="head" d="M${round(x)} ${y}l-8 4v-8z"/>`,
      ]
    }
    return []
  })
}
