import type { MarbleDocument } from '../document.ts'
import { laneText } from '../lanes.ts'
import { describeMarble } from './describe.ts'
import { layPicture } from './layout.ts'
import type { Metrics } from './columns.ts'
import type { LaidSystem, Layout } from './layout.ts'
import { segmentsOf } from './lines.ts'
import type { Segment } from './lines.ts'
import { BOX, CHARACTER, ROW, RUN, SPACE, STEP, drawChip, drawRuns, escapeXml, groupWidth, round, textAt, textWidth } from './svg-parts.ts'
import { CID_COLOURS, STYLE } from './svg-style.ts'

export interface SvgOptions {
  /** Width in pixels; what does not fit goes on below. Default 960. */
  readonly width?: number
}

/** Widest character of the heading, in pixels. */
const HEADING_CHARACTER = 9
const MARGIN = 14
const HEADING = 34
const TIMES = 20
const BETWEEN_SYSTEMS = 16

/** A protocol marble as an SVG document: light or dark as its viewer is, and described in words. */
export const renderSvg = (document: MarbleDocument, { width = 960 }: SvgOptions = {}): string => {
  const layout = layPicture(document, metricsOf(document, width))
  let y = MARGIN + (document.title === '' ? 0 : HEADING)
  const systems = layout.systems.map((system) => {
    const drawn = `<g transform="translate(0 ${y})">\n${drawSystem(document, layout, system)}\n</g>`
    y += TIMES + system.rows.length * ROW + BETWEEN_SYSTEMS
    return drawn
  })
  const right = Math.max(
    ...layout.systems.map(({ endX }) => endX + STEP),
    MARGIN + document.title.length * HEADING_CHARACTER,
  )
  const size = [Math.ceil(right + MARGIN), y - BETWEEN_SYSTEMS + MARGIN] as const
  return (
    `${[
      `<svg xmlns="http://www.w3.org/2000/svg" class="marble" role="img" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size.join(' ')}">`,
      `<title>${escapeXml(document.title)}</title>`,
      `<desc>${escapeXml(describeMarble(document))}</desc>`,
      `<style>${STYLE}</style>`,
      '<rect class="paper" width="100%" height="100%"/>',
      ...(document.title === '' ? [] : [textAt(MARGIN, MARGIN + 8, document.title, 'heading')]),
      ...systems,
      '</svg>',
    ].join('\n')}\n`
  )
}

const metricsOf = ({ lanes }: MarbleDocument, width: number): Metrics => ({
  group: groupWidth,
  text: textWidth,
  space: SPACE,
  run: RUN,
  step: STEP,
  gap: 44,
  labelWidth: MARGIN + Math.max(2, ...lanes.map((lane) => laneText(lane).length)) * CHARACTER + 10,
  width: width - MARGIN,
})

const drawSystem = (document: MarbleDocument, layout: Layout, system: LaidSystem): string => {
  const yOf = (row: number): number => TIMES + system.rows.indexOf(row) * ROW + ROW / 2
  const lines = system.rows.map((row) => drawLine(document, layout, system, row, yOf(row)))
  return [
    ...system.columns.map(({ x, time }) => textAt(x, TIMES / 2 - 2, time, 'time')),
    ...lines,
    ...system.columns.flatMap((column) => drawRuns(column, layout.nodeRow, yOf)),
    ...system.columns.flatMap(({ chips }) =>
      chips.map((chip) => drawChip(chip, yOf(chip.row), cidClass(document))),
    ),
  ].join('\n')
}

/** CIDs take the colours in the order of their declarations. */
const cidClass = ({ cids }: MarbleDocument) => {
  const order = new Map(cids.map(({ name }, i) => [name, i % CID_COLOURS]))
  return (cid: string | undefined): string => {
    const colour = cid === undefined ? undefined : order.get(cid)
    return colour === undefined ? 'token' : `token c${colour}`
  }
}

const drawLine = (
  document: MarbleDocument,
  layout: Layout,
  system: LaidSystem,
  index: number,
  y: number,
): string => {
  const row = layout.rows[index]
  if (row === undefined) return ''
  const segments = segmentsOf(document, row, system, layout.startX, system.endX + STEP)
  const node = index === layout.nodeRow ? 'node' : ''
  return [
    textAt(MARGIN, y, row.label, 'lane'),
    ...segments.filter(({ state }) => state === 'busy').map((segment) => drawBusy(segment, y)),
    ...segments.map((segment) => drawSegment(segment, y, node)),
  ].join('\n')
}

const drawBusy = ({ fromX, toX }: Segment, y: number): string => {
  const place = `x="${round(fromX)}" y="${y - BOX / 2}"`
  return `<rect class="busy" ${place} width="${round(toX - fromX)}" height="${BOX}"/>`
}

const drawSegment = ({ fromX, toX, state, isGap }: Segment, y: number, node: string): string => {
  const look = state === 'down' ? 'down' : isGap ? 'gap' : ''
  return `<path class="line ${node} ${look}" d="M${round(fromX)} ${y}H${round(toX)}"/>`
}
