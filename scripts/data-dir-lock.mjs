// Ensures one running instance per DATA_DIR. Runs before anything is installed, so it imports only modules of Node.js.
import { spawnSync } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** Start time in clock ticks since boot, which distinguishes processes that reuse a PID (proc(5)). */
function readStartTicks(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[19]
  } catch {
    return undefined
  }
}

/**
 * Locks `dataDir` for this process and every child that inherits the descriptor. The kernel releases the lock when the
 * last of them exits, even after a crash. If only children of a crashed run still hold it, waits up to `waitMs`
 * (default 40 s) for them to exit.
 * @returns {Promise<{ fd: number } | { heldBy: string }>}
 */
export async function lockDataDir(dataDir, { waitMs = 40_000, onWait = () => {} } = {}) {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const file = path.join(dataDir, 'meanwhile.lock')
  // Creates the file if needed, without truncating it.
  const fd = openSync(file, 'a+', 0o600)
  const since = Date.now()
  while (!tryLock(fd)) {
    const [pid, started] = readFileSync(file, 'utf8').split(' ')
    if (started && readStartTicks(pid) === started) return { heldBy: `process ${pid}` }
    if (Date.now() - since > waitMs) return { heldBy: 'processes of a previous run that have not exited' }
    if (Date.now() - since < 100) onWait()
    await delay(100)
  }
  writeFileSync(file, `${process.pid} ${readStartTicks(process.pid) ?? ''}`)
  return { fd }
}

function tryLock(fd) {
  // The lock belongs to the open file description, which flock(1) shares with this process (flock(2)).
  const { status, error } = spawnSync('flock', ['--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', fd],
  })
  if (error) throw new Error(`flock cannot be started (Debian package util-linux): ${error.message}`)
  return status === 0
}
