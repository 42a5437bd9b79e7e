// Shared by the scripts that set Meanwhile up. Runs before anything is installed, on Node 20 or newer: imports nothing but
// Node's own modules.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(fileURLToPath(import.meta.url), '../..')
export const print = (line) => process.stdout.write(`${line}\n`)
export const binPath = (name) => path.join(root, 'node_modules', '.bin', name)

/**
 * Runs a command in the root folder and waits for its end. `options` are those of spawn.
 * @throws {Error} when it cannot start or exits with an error
 */
export function runCommand(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const failure = () => new Error(`${path.basename(command)} ${args.join(' ')} failed`)
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options })
    child.once('error', (cause) => reject(Object.assign(failure(), { cause })))
    child.once('close', (code) => (code === 0 ? resolve() : reject(failure())))
  })
}

/** SHA-256 over the content of files and folders, relative to the root. Generated code does not count. */
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

/** Runs `work` unless it has run for the same content of `paths` and `output` still exists. */
async function runIfChanged(name, paths, output, work) {
  const stamp = path.join(root, 'node_modules', '.meanwhile', name)
  const hash = hashFiles(paths)
  if (existsSync(path.join(root, output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  // An interrupted run leaves no stamp and is repeated.
  rmSync(stamp, { force: true })
  await work()
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, hash)
}

export function generatePrismaClient() {
  return runIfChanged(
    'prisma-client',
    ['prisma/schema.prisma', 'package-lock.json'],
    'lib/generated/prisma/client.ts',
    () => {
      print('Generating the database client …')
      // Prisma would download a schema engine that generating does not use.
      const env = {
        ...process.env,
        PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY ?? '/bin/true',
      }
      return runCommand(binPath('prisma'), ['generate', '--no-hints'], {
        env: withPinnedNode(env),
        stdio: ['ignore', 'ignore', 'inherit'],
      })
    },
  )
}

/** An environment in which the pinned Node and the project's tools come first. */
export const withPinnedNode = (env) => ({
  ...env,
  PATH: `${path.join(root, 'node_modules', '.bin')}:${env.PATH}`,
  NEXT_TELEMETRY_DISABLED: '1',
})
