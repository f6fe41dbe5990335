import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(`src/${path}`, import.meta.url))

export default defineConfig({
  resolve: {
    // Examples import the package by its name, as a reader would; tests run them on the sources.
    alias: [
      { find: /^rx-bitswap$/, replacement: source('index.ts') },
      { find: /^rx-bitswap\/(operators|message|testing)$/, replacement: source('$1/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    // Far beyond what any test takes: a loaded machine is not a failure.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // The counts that `.ci/run` prints come from this file.
    reporters: process.env['CI'] === undefined
      ? ['default']
      : ['default', ['json', { outputFile: 'coverage/tests.json' }]],
    coverage: { include: ['src/**/*.ts'] },
  },
})
