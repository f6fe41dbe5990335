/** How long the rate looks back, in seconds. */
const WINDOW_SECONDS = 5

/** Bytes per second over the last few seconds, as told by a total at moments in time. */
export const rate = (): ((totalBytes: number, atSeconds: number) => number) => {
  const seen: Array<readonly [totalBytes: number, atSeconds: number]> = [[0, 0]]
  return (totalBytes, atSeconds) => {
    seen.push([totalBytes, atSeconds])
    while (seen.length > 2 && (seen[1]?.[1] ?? 0) < atSeconds - WINDOW_SECONDS) seen.shift()
    const [bytes, since] = seen[0] ?? [0, 0]
    return atSeconds > since ? (totalBytes - bytes) / (atSeconds - since) : 0
  }
}
