/**
 * A plot on logarithmic axes, one panel for each line: growth along a straight line has slope 1.
 */

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Plot {
  readonly title: string
  /** What the horizontal axis counts. */
  readonly x: string
  readonly lines: readonly { readonly label: string, readonly points: readonly Point[] }[]
}

const WIDTH = 360
const HEIGHT = 260
const MARGIN = { left: 62, right: 34, top: 34, bottom: 44 }
const RIGHT = WIDTH - MARGIN.right
const MIDDLE = (MARGIN.left + RIGHT) / 2
const BOTTOM = HEIGHT - MARGIN.bottom

export const plot = ({ title, x, lines }: Plot): string => {
  const panels = lines.map(({ label, points }, index) =>
    `<g transform="translate(${index * WIDTH} 30)">${panel(label, x, points)}</g>`)
  const width = lines.length * WIDTH
  const height = HEIGHT + 30
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" \
viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">
<title>${title}</title>
<desc>${description(lines)}</desc>
<style>
  text { fill: #1f2328 } .axis { stroke: #818b98 } .grid { stroke: #818b9840 }
  .line { stroke: #0969da; fill: none; stroke-width: 2 } .dot { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .line { stroke: #4493f8 } .dot { fill: #4493f8 }
  }
</style>
<text x="12" y="20" font-size="15" font-weight="600">${title}</text>
${panels.join('\n')}
</svg>
`
}

const description = (lines: Plot['lines']): string => lines.map(({ label, points }) =>
  `${label}: ${points.map(({ x, y }) => `${tick(y)} at ${tick(x)}`).join(', ')}`).join('. ')

const panel = (label: string, xLabel: string, points: readonly Point[]): string => {
  const across = logScale(points.map(({ x }) => x), MARGIN.left, RIGHT)
  const up = logScale(points.map(({ y }) => y), BOTTOM, MARGIN.top)
  const at = points.map(({ x, y }) => [across.of(x).toFixed(1), up.of(y).toFixed(1)])
  const vertical = across.ticks.map((value) => {
    const x = across.of(value).toFixed(1)
    return `<line class="grid" x1="${x}" x2="${x}" y1="${MARGIN.top}" y2="${BOTTOM}"/>\
<text x="${x}" y="${BOTTOM + 16}" text-anchor="middle">${tick(value)}</text>`
  })
  const horizontal = up.ticks.map((value) => {
    const y = up.of(value).toFixed(1)
    return `<line class="grid" x1="${MARGIN.left}" x2="${RIGHT}" y1="${y}" y2="${y}"/>\
<text x="${MARGIN.left - 6}" y="${y}" dy="0.35em" text-anchor="end">${tick(value)}</text>`
  })
  return [
    `<text x="${MARGIN.left}" y="${MARGIN.top - 14}">${label}</text>`,
    ...vertical,
    ...horizontal,
    `<polyline class="line" points="${at.map((point) => point.join(',')).join(' ')}"/>`,
    ...at.map(([x, y]) => `<circle class="dot" cx="${x}" cy="${y}" r="3"/>`),
    `<text x="${MIDDLE}" y="${HEIGHT - 8}" text-anchor="middle">${xLabel}</text>`,
  ].join('\n')
}

/** Whole decades around the values, laid out between two positions. */
const logScale = (values: readonly number[], from: number, to: number) => {
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))
  return {
    of: (value: number) => from + (Math.log10(value) - low) / (high - low) * (to - from),
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
  }
}

const tick = (value: number): string => Number(value.toPrecision(3)).toLocaleString('en')
