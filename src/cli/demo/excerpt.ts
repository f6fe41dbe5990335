/** How much of the beginning and of the end is shown. */
const FIRST = 4
const LAST = 2

/**
 * How a recorded transfer begins and how it ends: the lanes of its first and last systems, without
 * those that say how the connection was doing.
 */
export const excerpt = (marble: string): readonly string[] => {
  const systems = marble.split('\n\n')
    .map((system) => system.split('\n').filter((line) => /^(at|app|A>me|me>A)\b/.test(line)))
    .filter((lines) => lines.length > 0)
  const shown = systems.length <= FIRST + LAST
    ? systems
    : [...systems.slice(0, FIRST), ['...'], ...systems.slice(-LAST)]
  return shown.flatMap((lines, i) => i === 0 ? lines : ['', ...lines])
}
