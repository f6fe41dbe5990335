import type { Metrics } from '../job.ts'

type Usage = Required<Pick<Metrics, 'seconds' | 'cpuSeconds' | 'baseRssMb' | 'peakRssMb'>>

/** Runs the task and says what time and memory it took. */
export const measured = async <T>(task: () => Promise<T>): Promise<Usage & { value: T }> => {
  const baseRssMb = process.memoryUsage.rss() / 1e6
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const value = await task()
  const seconds = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return {
    value,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    baseRssMb,
    peakRssMb: process.resourceUsage().maxRSS * 1024 / 1e6,
  }
}

/** Bytes of live heap, after collection. Needs `--expose-gc`. */
export const liveHeapBytes = (): number => {
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** Needs `--expose-gc`. */
export const collectGarbage = (): void => {
  if (globalThis.gc === undefined) throw new Error('run node with --expose-gc')
  globalThis.gc()
}
