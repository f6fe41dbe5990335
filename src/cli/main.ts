#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import process from 'node:process'

// A third of the time to start, and of the memory, goes into compiling libp2p.
enableCompileCache()
const { program } = await import('./program.ts')
await program(process).parseAsync()
