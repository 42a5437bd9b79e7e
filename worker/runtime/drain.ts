import { ownRelease, readRelease } from '@/lib/cluster/release'
import { compareSchema, newerDatabaseReason, olderDatabaseReason } from '@/lib/cluster/schema-level'
import type { Db } from '@/lib/database/db'
import { log } from '@/lib/log'
import type { Intake } from './intake'
import type { RunningTasks } from './running-tasks'

/** Drains this worker if the database is newer. Exits the process with status 1 if the database is older. */
export async function checkReleaseOrExit(db: Db, intake: Intake) {
  const { missing, unknown } = await compareSchema(db, ownRelease)
  if (unknown.length > 0) return drain(intake, unknown)
  if (missing.length === 0) return
  process.stderr.write(`${olderDatabaseReason(missing)}\n`)
  process.exit(1)
}

interface Options {
  db: Db
  running: RunningTasks
  intake: Intake
  /** Called once when it begins to drain after startup. */
  onDrain(): Promise<unknown>
  shutDown(): void
}

/**
 * Drains this worker within a second of a migration that it does not know: it finishes its tasks and takes no others.
 * Then shuts it down if its supervisor would start newer code.
 */
export function drainWhenOutdated({ db, running, intake, onDrain, shutDown }: Options) {
  running.onPoll(async () => {
    if (!intake.drainReason) {
      const { unknown } = await compareSchema(db, ownRelease)
      if (unknown.length === 0) return
      drain(intake, unknown)
      await onDrain()
    }
    if (running.size > 0 || !isSupervised()) return
    const { unknown } = await compareSchema(db, readRelease())
    if (unknown.length > 0) return
    log.info('worker drained: restarting with the newer code')
    shutDown()
  })
}

function drain(intake: Intake, unknown: readonly string[]) {
  intake.drainReason = newerDatabaseReason(unknown)
  log.warn(
    { reason: intake.drainReason },
    'worker draining: it finishes its running tasks and takes no others',
  )
}

/** By `npm start`, which keeps an IPC channel, or as the main process of a systemd service. */
const isSupervised = () => process.connected === true || process.env.SYSTEMD_EXEC_PID === String(process.pid)
