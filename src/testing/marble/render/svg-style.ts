/** Colours of eight CIDs, told apart in either theme by most eyes; to all by the label. */
const LIGHT = '#0b5cad #a8480a #1a7334 #7a3fd0 #a81268 #0a6a74 #755500 #b3262b'.split(' ')
const DARK = '#77b7ff #ffa566 #67d488 #c8a5ff #ff8fc9 #5fd3da #e3bf5a #ff9492'.split(' ')

export const CID_COLOURS = LIGHT.length

const colours = (palette: readonly string[]): string =>
  palette.map((colour, i) => `--c${i}:${colour}`).join(';')

const LIGHT_THEME = '--paper:#fff;--ink:#1f2328;--faint:#8b949e;--shade:#d8dee4;--fault:#c0202a'
const DARK_THEME = '--paper:#0d1117;--ink:#e6edf3;--faint:#768390;--shade:#30363d;--fault:#ff7b72'
const FONTS = 'ui-monospace,SFMono-Regular,Menlo,Consolas,\'DejaVu Sans Mono\',monospace'

/** Follows the theme of whoever looks: also inside of an `<img>`. */
export const STYLE = `
.marble{${LIGHT_THEME};${colours(LIGHT)};color-scheme:light dark}
@media (prefers-color-scheme:dark){.marble{${DARK_THEME};${colours(DARK)}}}
.marble .paper{fill:var(--paper)}
.marble text{font:12px ${FONTS};fill:var(--ink);dominant-baseline:central}
.marble .heading{font:600 15px system-ui,sans-serif}
.marble .time{fill:var(--faint);font-size:11px}
.marble .line{stroke:var(--faint);fill:none}
.marble .gap{stroke-dasharray:2 4}
.marble .down{stroke-dasharray:1 6}
.marble .node{stroke:var(--ink);stroke-width:2.5}
.marble .busy{fill:var(--shade)}
.marble .box{fill:var(--paper);stroke:var(--ink)}
.marble .back{fill:var(--paper)}
.marble .run{stroke:var(--ink);fill:none}
.marble .head{fill:var(--ink)}
.marble .token{color:var(--ink)}
.marble .token text{fill:currentColor}
.marble .hollow{fill:none;stroke:currentColor;stroke-width:1.6}
.marble .filled{fill:currentColor}
.marble .stroke{fill:none;stroke:currentColor;stroke-width:2}
.marble .fault{fill:none;stroke:var(--fault);stroke-width:2.4}
${LIGHT.map((_, i) => `.marble .c${i}{color:var(--c${i})}`).join('\n')}
`
