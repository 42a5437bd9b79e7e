import { existsSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Ends a Postgres that a crashed run left on this folder, and forgets a note of one that is gone: its
 * number may belong to another program by now, which would keep Postgres from starting.
 * Only the caller that holds the folder's lock may do this.
 */
export async function stopStalePostgres(databaseDir: string) {
  const note = path.join(databaseDir, 'postmaster.pid')
  if (!existsSync(note)) return
  const pid = Number(readFileSync(note, 'utf8').split('\n')[0])
  for (let tries = 0; isPostgresOn(pid, databaseDir); tries++) {
    // Fast, then immediate shutdown. Both leave a database that the next start opens or recovers.
    if (tries === 0) process.kill(pid, 'SIGINT')
    if (tries === 100) process.kill(pid, 'SIGQUIT')
    if (tries === 150) process.kill(pid, 'SIGKILL')
    if (tries === 200) throw new Error(`an earlier Postgres (process ${pid}) does not end: kill -9 ${pid}`)
    await delay(100)
  }
  rmSync(note, { force: true })
}

function isPostgresOn(pid: number, databaseDir: string) {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return path.basename(args[0] ?? '') === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === databaseDir
  } catch {
    return false
  }
}
