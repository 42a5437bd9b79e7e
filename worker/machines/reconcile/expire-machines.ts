import type { PgBoss } from 'pg-boss'
import type { Db } from '@/lib/database/db'
import { requestPowerAction, requestTermination } from '@/lib/machines/commands'
import { executeScriptTask } from '@/lib/machines/tasks'
import { FailureLog } from './failure-log'

/** Ends machines whose time is over or whose only job is done, and stops those that ran long enough. */
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
  const rested = await db.$queryRaw<{ id: string; ownerId: string }[]>`
    SELECT id, "ownerId" FROM machine WHERE state = 'running'
      AND "startedAt" + "autoStopMinutes" * interval '1 minute' < now()`
  const by = (reason: string) => ({ db, boss, actorId: null, reason })
  for (const { id, ownerId } of expired)
    await failures.runForMachine('due', id, () =>
      requestTermination({ ...by('its time was over'), id, ownerId }),
    )
  for (const { id, ownerId } of finished)
    await failures.runForMachine('due', id, () =>
      requestTermination({ ...by('its script has ended'), id, ownerId }),
    )
  for (const { id, ownerId } of rested)
    await failures.runForMachine('due', id, () =>
      requestPowerAction({ ...by('it ran as long as it was to'), id, ownerId }, 'stop'),
    )
}
