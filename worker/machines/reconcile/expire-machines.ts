import type { PgBoss } from 'pg-boss'
import type { Db } from '@/lib/database/db'
import { requestPowerAction } from '@/lib/machines/power-actions'
import { requestTermination } from '@/lib/machines/termination'
import { executeScriptTask } from '@/lib/machines/tasks'
import { FailureLog } from './failure-log'

/** Terminates machines that have expired or whose script has ended, and stops those past their auto-stop time. */
export async function expireMachines({ db, boss }: { db: Db; boss: PgBoss }, failures = new FailureLog()) {
  const expired = await db.machine.findMany({
    where: {
      state: { notIn: ['terminating', 'terminated'] },
      isProtected: false,
      expiresAt: { lt: new Date() },
    },
  })
  const finished = await db.machine.findMany({
    where: {
      state: { in: ['running', 'stopped'] },
      isProtected: false,
      tasks: {
        some: {
          kind: executeScriptTask.name,
          state: { in: ['done', 'failed', 'canceled'] },
          payload: { path: ['thenTerminate'], equals: true },
        },
      },
    },
  })
  const overtime = await db.$queryRaw<{ id: string; ownerId: string }[]>`
    SELECT id, "ownerId" FROM machine WHERE state = 'running'
      AND "startedAt" + "autoStopMinutes" * interval '1 minute' < now()`
  const by = (reason: string) => ({ db, boss, actorId: null, reason })
  for (const { id, ownerId } of expired)
    await failures.runForMachine({ step: 'expiry', machineId: id }, () =>
      requestTermination({ ...by('time to live expired'), id, ownerId }),
    )
  for (const { id, ownerId } of finished)
    await failures.runForMachine({ step: 'expiry', machineId: id }, () =>
      requestTermination({ ...by('script ended'), id, ownerId }),
    )
  for (const { id, ownerId } of overtime)
    await failures.runForMachine({ step: 'expiry', machineId: id }, () =>
      requestPowerAction({ ...by('auto-stop time reached'), id, ownerId }, 'stop'),
    )
}
