#!/usr/bin/env node
// Runs the command line tool, whose source is TypeScript.
import path from 'node:path'
import { register } from 'tsx/esm/api'
import { generateMessages } from '../scripts/messages.mjs'

// Of the repository, in place of one in the working directory.
process.env.TSX_TSCONFIG_PATH ??= path.join(import.meta.dirname, '../tsconfig.json')
register()
// In a clone whose app was never started, they do not exist yet.
await generateMessages()
const { runCli } = await import('./main.ts')
process.exitCode = await runCli(process.argv.slice(2))
