// `npm start`: sets everything up and runs it, from a fresh clone on.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { lockDataDir } from './data-dir-lock.mjs'
import { findPortProblem } from './port.mjs'
import {
  binPath,
  buildWeb,
  CAPTION_PROGRAMS,
  generatePrismaClient,
  installOptionalPackages,
  installPackages,
  installSystemPackages,
  MACHINE_PROGRAMS,
  MEDIA_PROGRAMS,
  root,
  print,
  CAPTION_PROGRAMS_MISSING_NOTE,
  withPinnedNode,
} from './setup.mjs'

const isDevelopment = process.argv.includes('--dev')
const dataDir = path.resolve(root, process.env.DATA_DIR || './data')

function exitWithMessage(why) {
  print(why)
  process.exit(1)
}

try {
  const lock = await lockDataDir(dataDir, { onWait: () => print('Waiting for an earlier run to end …') })
  if (lock.heldBy)
    exitWithMessage(
      `Meanwhile already runs on ${dataDir} (${lock.heldBy}). ` +
        'Stop it first, or choose another folder and port: DATA_DIR=… PORT=… npm start',
    )
  const problem = await findPortProblem(Number(process.env.PORT || 3000), process.env.HOST || '127.0.0.1')
  if (problem) exitWithMessage(problem)
  installPackages()
  installSystemPackages({
    ...MEDIA_PROGRAMS,
    ...(process.env.MACHINES === 'off' ? {} : MACHINE_PROGRAMS),
  })
  if (['auto', 'pocketsphinx'].includes(process.env.CAPTIONS || 'auto'))
    installOptionalPackages(CAPTION_PROGRAMS, CAPTION_PROGRAMS_MISSING_NOTE)
  generatePrismaClient()
  if (!isDevelopment) buildWeb()
  startSupervisor(lock.fd)
} catch (error) {
  exitWithMessage(`Stopped: ${error.message}`)
}

/** Everything else happens on the pinned Node. Its descriptor 3 is a line to us, 4 the lock. */
function startSupervisor(lockFd) {
  const args = ['--import', 'tsx', 'scripts/supervise.ts', ...(isDevelopment ? ['--dev'] : [])]
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

/** npm that is killed hard says nothing: the shell between us and it gets another parent then. */
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
