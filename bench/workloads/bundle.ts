import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Metrics } from '../job.ts'

const PEERS = ['rxjs', 'libp2p']

/** What a browser downloads of everything that `entry` exports, without the peer dependencies. */
export const bundleWorkload = (entry: string) => async (): Promise<Metrics> => {
  const { outputFiles } = await build({
    stdin: { contents: `export * from '${entry}'`, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    external: PEERS,
    write: false,
    logLevel: 'error',
  })
  return { gzipKb: gzipSync(outputFiles[0]!.contents, { level: 9 }).byteLength / 1000 }
}
