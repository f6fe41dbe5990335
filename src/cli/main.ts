#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import process from 'node:process'
import { setFlagsFromString } from 'node:v8'

// A third of the time to start goes into compiling libp2p.
enableCompileCache()
// V8 lets short-lived objects pile up to 50 MB and more before it looks: a tenth of the time is
// less than the memory.
setFlagsFromString('--semi-space-growth-factor=1')
const { program } = await import('./program.ts')
await program(process).parseAsync()
