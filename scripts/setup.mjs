// Shared by the setup scripts. Runs before anything is installed, on Node 20 or newer, so it imports only modules of
// Node.js.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(fileURLToPath(import.meta.url), '../..')
export const print = (line) => process.stdout.write(`${line}\n`)
export const binPath = (name) => path.join(root, 'node_modules', '.bin', name)

const MAX_OUTPUT_LENGTH = 64 * 1024

/**
 * Runs a command in the root folder until it exits. Its output is shown only if it fails. `options` are those of
 * `spawn`.
 * @throws {Error} with the last 64 KiB of output if it cannot start or exits with an error
 */
export function runCommand(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    let output = ''
    const fail = (reason) => {
      const title = `${[path.basename(command), ...args].join(' ')} failed (${reason})`
      reject(new Error(`${title}\n${output}`.trimEnd()))
    }
    const child = spawn(command, args, { cwd: root, ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output = (output + chunk).slice(-MAX_OUTPUT_LENGTH)))
    child.once('error', ({ message }) => fail(message))
    child.once('close', (code, signal) => (code === 0 ? resolve() : fail(signal ?? `exit code ${code}`)))
  })
}

/** SHA-256 of files and folders, relative to the root. Excludes folders `generated`, except as one of `paths`. */
export function hashFiles(paths) {
  const hash = createHash('sha256')
  const add = (file) => {
    if (!existsSync(file)) return
    if (statSync(file).isDirectory()) {
      for (const name of readdirSync(file).sort()) if (name !== 'generated') add(path.join(file, name))
    } else hash.update(file.slice(root.length)).update(readFileSync(file))
  }
  for (const name of paths) add(path.join(root, name))
  return hash.digest('hex')
}

/** Runs `work` with the hash of `paths`, unless `output` exists and was generated from the same content of them. */
export async function runIfChanged({ name, paths, output, work }) {
  const stamp = path.join(root, 'node_modules', '.meanwhile', name)
  const hash = hashFiles(paths)
  if (existsSync(path.join(root, output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  // Without a stamp, an interrupted run is repeated.
  rmSync(stamp, { force: true })
  await work(hash)
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, hash)
}

const MAX_BUILDS = 3

/** Sorts build folders, newest first. */
export function sortBuilds(dirs) {
  const builtAt = (dir) => statSync(path.join(root, dir)).mtimeMs
  return dirs.toSorted((a, b) => builtAt(b) - builtAt(a))
}

/** Marks a build folder as the newest, also if an earlier build wrote it. */
export const touchBuild = (dir) => utimesSync(path.join(root, dir), new Date(), new Date())

/** Removes all but the last three builds. Running processes may still read files of an earlier one. */
export function removeOldBuilds(dirs) {
  for (const dir of sortBuilds(dirs).slice(MAX_BUILDS))
    rmSync(path.join(root, dir), { recursive: true, force: true })
}

export function generatePrismaClient() {
  return runIfChanged({
    name: 'prisma-client',
    paths: ['prisma/schema.prisma', 'package-lock.json'],
    output: 'lib/generated/prisma/client.ts',
    work: () => {
      print('Generating the Prisma client …')
      // Prisma would download a schema engine that `generate` does not use.
      const env = {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? '/bin/true',
      }
      return runCommand(binPath('prisma'), ['generate', '--no-hints'], {
        env: withPinnedNode(env),
      })
    },
  })
}

/**
 * An environment in which the pinned Node and the project's tools come first. On Debian, mke2fs and others are in folders
 * that only the path of root has.
 */
export const withPinnedNode = (env) => ({
  ...env,
  PATH: `${path.join(root, 'node_modules', '.bin')}:${env.PATH}:/usr/local/sbin:/usr/sbin:/sbin`,
  NEXT_TELEMETRY_DISABLED: '1',
})
