// `npm start`: installs, builds and runs everything from a fresh clone.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { lockDataDir } from './data-dir-lock.mjs'
import { generateCode } from './generate-code.mjs'
import { findPortProblem } from './port.mjs'
import { installPackages } from './packages.mjs'
import { binPath, print, root, withPinnedNode } from './setup.mjs'
import {
  CAPTION_PROGRAMS,
  installSystemPackages,
  MACHINE_PROGRAMS,
  MEDIA_PROGRAMS,
} from './system-packages.mjs'
import { buildServer } from './server-build.mjs'
import { buildWeb } from './web-build.mjs'

const isDevelopment = process.argv.includes('--dev')
const dataDir = path.resolve(root, process.env.DATA_DIR || './data')

function exitWithMessage(message) {
  print(message)
  process.exit(1)
}

try {
  const lock = await lockDataDir(dataDir, { onWait: () => print('Waiting for a previous run to exit …') })
  if (lock.heldBy)
    exitWithMessage(
      `Meanwhile is already running on ${dataDir} (${lock.heldBy}). ` +
        'Stop it first, or choose another folder and port: DATA_DIR=… PORT=… npm start',
    )
  const problem = await findPortProblem(Number(process.env.PORT || 3000), process.env.HOST || '127.0.0.1')
  if (problem) exitWithMessage(problem)
  await setUp()
  startSupervisor(lock.fd)
} catch (error) {
  exitWithMessage(`Setup failed: ${error.message}`)
}

/**
 * Runs npm and apt concurrently, since both mostly wait for the network.
 * @throws the first failure, once both have settled
 */
async function setUp() {
  const hasOwnMachines =
    process.env.MACHINES !== 'off' && !['incus', 'ec2'].includes(process.env.MACHINE_DRIVER)
  const required = { ...MEDIA_PROGRAMS, ...(hasOwnMachines ? MACHINE_PROGRAMS : {}) }
  const usesPocketSphinx = process.env.CAPTIONS === 'pocketsphinx'
  const programs = installSystemPackages(required).then(
    () => usesPocketSphinx && installSystemPackages(CAPTION_PROGRAMS),
  )
  const app = installPackages({ isProduction: !isDevelopment })
    .then(generateCode)
    .then(() => Promise.all([buildServer(), isDevelopment || buildWeb()]))
  const failed = (await Promise.allSettled([programs, app])).find(({ status }) => status === 'rejected')
  if (failed) throw failed.reason
}

/** Runs the supervisor on the pinned Node. Its descriptor 3 is an IPC channel to this process, 4 the lock. */
function startSupervisor(lockFd) {
  const args = isDevelopment
    ? ['--import', 'tsx', 'scripts/supervise.ts', ...process.argv.slice(2)]
    : ['--enable-source-maps', 'dist/supervise.js']
  const child = spawn(binPath('node'), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc', lockFd],
    env: withPinnedNode({ ...process.env, DATA_DIR: dataDir }),
  })
  const stop = () => child.kill('SIGTERM')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
  child.once('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
  if (process.env.npm_lifecycle_event) stopWhenNpmExits(stop)
}

/** SIGKILL to npm reaches no other process, but the shell between npm and this process is reparented. */
function stopWhenNpmExits(stop) {
  const parentOfShell = () => {
    try {
      return readFileSync(`/proc/${process.ppid}/stat`, 'utf8').split(') ').at(-1).split(' ')[1]
    } catch {
      return undefined
    }
  }
  const [shell, npm] = [process.ppid, parentOfShell()]
  setInterval(() => {
    if (process.ppid !== shell || parentOfShell() !== npm) stop()
  }, 1_000).unref()
}
