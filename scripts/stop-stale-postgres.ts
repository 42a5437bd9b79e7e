import { existsSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Stops a Postgres that a crashed run left behind, and removes a stale postmaster.pid: its PID may have been reused by
 * another process, which would prevent Postgres from starting. The caller must hold the lock of DATA_DIR.
 */
export async function stopStalePostgres(databaseDir: string) {
  const pidFile = path.join(databaseDir, 'postmaster.pid')
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0])
  for (let attempt = 0; isPostgresOn(pid, databaseDir); attempt++) {
    // Fast shutdown, then immediate. The next start recovers the database if needed.
    if (attempt === 0) process.kill(pid, 'SIGINT')
    if (attempt === 100) process.kill(pid, 'SIGQUIT')
    if (attempt === 150) process.kill(pid, 'SIGKILL')
    if (attempt === 200)
      throw new Error(`Postgres of a previous run (process ${pid}) does not exit. Run: kill -9 ${pid}`)
    await delay(100)
  }
  rmSync(pidFile, { force: true })
}

function isPostgresOn(pid: number, databaseDir: string) {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return path.basename(args[0] ?? '') === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === databaseDir
  } catch {
    return false
  }
}
