#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import process from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { missingPackage } from './missing-package.ts'

// A third of the time to start goes into compiling libp2p.
enableCompileCache()
// V8 lets short-lived objects pile up to 50 MB and more before it looks: a tenth of the time is
// less than the memory.
setFlagsFromString('--semi-space-growth-factor=1')
try {
  const { program } = await import('./program.ts')
  await program(process).parseAsync()
} catch (error) {
  const name = missingPackage(error)
  if (name === undefined) throw error
  const advice = `${name} is not installed, and the command line needs it: npm install ${name}`
  process.stderr.write(`rx-bitswap: ${advice}\n`)
  process.exitCode = 1
}
