import { gzipSync } from 'node:zlib'
import type { JobNamed, Metrics } from '../job.ts'

/** What a browser downloads of everything that `entry` exports. */
export const bundleWorkload = (entry: string) =>
  async ({ without }: JobNamed<'bundle'>): Promise<Metrics> => {
    const { rolldown } = await import('rolldown')
    const bundle = await rolldown({
      input: entry,
      external: (id) => without.some((name) => id === name || id.startsWith(`${name}/`)),
      platform: 'browser',
    })
    const { output: [{ code }] } = await bundle.generate({
      format: 'esm',
      minify: true,
      comments: { annotation: false, jsdoc: false, legal: false },
    })
    return { gzipKb: gzipSync(code, { level: 9 }).byteLength / 1000 }
  }
