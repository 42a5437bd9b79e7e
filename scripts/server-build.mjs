// Compiles the long-running processes. Node starts the result in half the time that tsx takes for the source (decision 0042).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { removeOldBuilds, root, runIfChanged, touchBuild } from './setup.mjs'

const ENTRY_POINTS = {
  server: 'server.ts',
  'response-thread': 'app/http/threads/response-thread.ts',
  worker: 'worker/main.ts',
  supervise: 'scripts/supervise.ts',
}

/** What is compiled. Generated code is named, since it may be older than what it is generated from. */
export const SERVER_SOURCES = [
  'server.ts',
  'app',
  'lib',
  'lib/generated',
  'messages',
  'worker',
  'scripts',
  'prisma',
  'package.json',
  'package-lock.json',
]

/** Compiles web, worker and supervisor if their sources changed. */
export function buildServer() {
  return runIfChanged({
    name: 'server',
    paths: SERVER_SOURCES,
    output: 'dist/server.js',
    work: async (hash) => {
      const chunkDir = hash.slice(0, 12)
      await compile(ENTRY_POINTS, { chunkDir })
      touchBuild(`dist/${chunkDir}`)
      removeOldBuilds(listChunkDirs())
      writeRelease()
    },
  })
}

/**
 * Writes dist/<name>.js for each entry point. With `chunkDir`, what they share and what they import on demand is written to
 * that folder in dist/; as each build has its own, a running process never imports later code.
 */
export async function compile(entryPoints, { chunkDir } = {}) {
  // Imported here because the setup scripts load this module before packages are installed.
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir: path.join(root, 'dist'),
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    ...(chunkDir && { splitting: true, chunkNames: `${chunkDir}/[name]-[hash]` }),
    sourcemap: true,
    // Node.js keeps source maps in memory; the sources are on the disk.
    sourcesContent: false,
    // A module that can also be run as a command is not the main module of a compiled process.
    define: { 'import.meta.main': 'false' },
    logLevel: 'warning',
  })
}

const listChunkDirs = () =>
  readdirSync(path.join(root, 'dist'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `dist/${name}`)

/** Writes what lib/cluster/release.ts reads. */
function writeRelease() {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const migrations = readdirSync(path.join(root, 'prisma/migrations'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
  writeFileSync(path.join(root, 'dist/release.json'), JSON.stringify({ version, migrations }))
}

// Before `npm run web` and `npm run worker`, so that they never run old code.
if (import.meta.main) await buildServer()
