// One Meanwhile per DATA_DIR. Plain Node: it is taken before anything is installed.
import { spawnSync } from 'node:child_process'
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/** When a process began, in clock ticks since boot: tells it from a later one with its number (proc(5)). */
function readStartTicks(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')[19]
  } catch {
    return undefined
  }
}

/**
 * Locks `dataDir` for this process and every child that is given the descriptor. The kernel frees the
 * lock when the last of them is gone, however it went: a crash never leaves it behind.
 *
 * Where only children of a crashed run still hold it, waits until they have ended.
 * @returns {Promise<{ fd: number } | { heldBy: string }>}
 */
export async function lockDataDir(dataDir, { waitMs = 40_000, onWait = () => {} } = {}) {
  mkdirSync(dataDir, { recursive: true })
  const file = path.join(dataDir, 'meanwhile.lock')
  // 'a+' makes the file and leaves what is in it.
  const fd = openSync(file, 'a+', 0o600)
  const since = Date.now()
  while (!tryLock(fd)) {
    const [pid, started] = readFileSync(file, 'utf8').split(' ')
    if (started && readStartTicks(pid) === started) return { heldBy: `process ${pid}` }
    if (Date.now() - since > waitMs) return { heldBy: 'processes of an earlier run that do not end' }
    if (Date.now() - since < 100) onWait()
    await delay(100)
  }
  writeFileSync(file, `${process.pid} ${readStartTicks(process.pid) ?? ''}`)
  return { fd }
}

function tryLock(fd) {
  // The lock belongs to the open file, which the short-lived program shares with us (flock(2)).
  const { status, error } = spawnSync('flock', ['--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', fd],
  })
  if (error) throw new Error(`The program flock is missing (Debian's package util-linux): ${error.message}`)
  return status === 0
}
