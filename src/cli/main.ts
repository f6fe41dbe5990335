#!/usr/bin/env node
import process from 'node:process'
import { program } from './program.ts'

await program(process).parseAsync()
